import { jsonRpcLines } from '@sluice/protocol'
import * as t from 'io-ts'
import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { JsonRpcMethod } from '../src/index.ts'
import { JsonRpcError, jsonRpcMethod, jsonRpcServer } from '../src/index.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { failure, notification, request, result, serving, speaker } from './support/rpc.ts'
import { until } from './support/turns.ts'

nothingLeft()

/** The methods of the examples of the specification, section 7. */
const sum = jsonRpcMethod(t.array(t.number), (all) => all.reduce((a, b) => a + b, 0))
const examples: Readonly<Record<string, JsonRpcMethod>> = {
  subtract: (params) => {
    const { minuend, subtrahend } = params as { minuend: number; subtrahend: number }
    const [a, b] = Array.isArray(params) ? (params as number[]) : [minuend, subtrahend]
    return (a ?? 0) - (b ?? 0)
  },
  sum,
  update: () => undefined,
  notify_hello: () => undefined,
  get_data: () => Promise.resolve(['hello', 5]),
}

/** Of what the server answered only what the specification demands: no `data`. */
const bare = (answer: unknown): unknown => {
  if (Array.isArray(answer)) return answer.map(bare)
  const { error, ...rest } = answer as { readonly error?: { readonly code: number; readonly message: string } }
  return error === undefined ? rest : { ...rest, error: { code: error.code, message: error.message } }
}

const PARSE = failure(null, -32700, 'Parse error')
const INVALID = failure(null, -32600, 'Invalid Request')

describe('jsonRpcServer()', () => {
  it('answers the examples of the specification as it says', async () => {
    const cases: ReadonlyArray<readonly [string, unknown]> = [
      [request(1, 'subtract', [42, 23]), result(1, 19)],
      [request(2, 'subtract', [23, 42]), result(2, -19)],
      [request(3, 'subtract', { subtrahend: 23, minuend: 42 }), result(3, 19)],
      [request('4', 'foobar'), failure('4', -32601, 'Method not found')],
      ['{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]', PARSE],
      ['{"jsonrpc": "2.0", "method": 1, "params": "bar"}', INVALID],
      ['[{"jsonrpc":"2.0","method":"sum","params":[1,2,4],"id":"1"},{"jsonrpc":"2.0","method"', PARSE],
      ['[]', INVALID],
      ['[1]', [INVALID]],
      ['[1,2,3]', [INVALID, INVALID, INVALID]],
      [
        `[${[
          request('1', 'sum', [1, 2, 4]),
          notification('notify_hello', [7]),
          request('2', 'subtract', [42, 23]),
          '{"foo": "boo"}',
          request('5', 'foo.get', { name: 'myself' }),
          request('9', 'get_data'),
        ].join(',')}]`,
        [result('1', 7), result('2', 19), INVALID, failure('5', -32601, 'Method not found'), result('9', ['hello', 5])],
      ],
    ]
    const { say, lines } = await speaker(await serving(examples, { ordered: true }))
    say(...cases.map(([line]) => line))
    expect((await lines(cases.length)).map(bare)).toEqual(cases.map(([, answer]) => answer))
  })

  it('answers no notification, alone or in a batch, whatever becomes of it', async () => {
    const seen: unknown[] = []
    const bad = (): never => {
      throw new JsonRpcError({ code: 1, message: 'oh' })
    }
    const { say, end } = await speaker(await serving({ see: (params) => seen.push(params), bad, sum }))
    say(notification('see', [1]), notification('nope'), notification('bad'), notification('sum', ['x']))
    say(`[${notification('see', [2])},${notification('bad')}]`, request(1, 'see', [3]))
    expect(await end()).toEqual([result(1, 3)])
    expect(seen).toEqual([[1], [2], [3]])
  })

  it('knows methods of its own record only, and ids of every kind', async () => {
    const { say, lines } = await speaker(await serving({ id: (_params, call) => ({ is: call.id, by: call.method }) }))
    say(...['toString', 'constructor', '__proto__', 'hasOwnProperty', ''].map((name) => request(1, name)))
    say(request(null, 'id'), request('a', 'id'), request(1.5, 'id'))
    const answers = await lines(8)
    expect(answers.slice(0, 5)).toEqual(Array(5).fill(failure(1, -32601, 'Method not found')))
    expect(answers.slice(5)).toEqual([null, 'a', 1.5].map((id) => result(id, { is: id, by: 'id' })))
  })

  it('checks params by types of io-ts and by Standard Schemas, and says what is wrong with them', async () => {
    const add = jsonRpcMethod(z.object({ a: z.number(), b: z.number() }), ({ a, b }) => a + b)
    const none = jsonRpcMethod(t.undefined, () => 'none')
    const { say, lines } = await speaker(await serving({ sum, add, none }, { ordered: true }))
    say(request(1, 'add', { a: 1, b: 2 }), request(2, 'add', { a: '1', b: 2 }), request(3, 'sum', [1, 'x']))
    say(request(4, 'none'), request(5, 'none', []))
    const answers = await lines(5)
    expect(answers).toMatchObject([
      result(1, 3),
      failure(2, -32602, 'Invalid params'),
      failure(3, -32602, 'Invalid params'),
      result(4, 'none'),
      failure(5, -32602, 'Invalid params'),
    ])
    expect(answers[2]).toMatchObject({ error: { data: ['[1]: expected number, got "x"'] } })
  })

  it('passes on errors that are meant for the peer, and of others says only that it failed [R12]', async () => {
    const secret = new Error('the password is 1234')
    const told: unknown[] = []
    const methods: Readonly<Record<string, JsonRpcMethod>> = {
      throws: () => {
        throw secret
      },
      rejects: () => Promise.reject(secret),
      meant: () => Promise.reject(new JsonRpcError({ code: 404, message: 'no such user', data: { id: 7 } })),
      noWord: () => 1n,
      noData: () => {
        throw new JsonRpcError({ code: 1, message: 'a', data: 1n })
      },
    }
    const served = await serving(methods, {
      ordered: true,
      onError: (error, { method }) => told.push([method, error instanceof Error ? error.name : error]),
    })
    const { say, end } = await speaker(served)
    say(...Object.keys(methods).map((name, index) => request(index, name)), notification('throws'))
    const internal = (id: number) => failure(id, -32603, 'Internal error')
    const meant = { jsonrpc: '2.0', id: 2, error: { code: 404, message: 'no such user', data: { id: 7 } } }
    expect(await end()).toEqual([internal(0), internal(1), meant, internal(3), internal(4)])
    expect(told).toContainEqual(['throws', 'Error'])
    expect(told).toContainEqual(['noWord', 'NotEncodable'])
    expect(told).toHaveLength(5)
    await until('the end', () => served.closed.length === 1)
    expect(served.closed[0]?.cause).toEqual({ _tag: 'Finished' })
  })

  it('ends where bytes are no frame, as every protocol [R12][R19]', async () => {
    const served = await serving(examples, {}, jsonRpcLines({ maxFrameBytes: 64 }))
    const { say } = await speaker(served)
    say('x'.repeat(65))
    await until('the end', () => served.closed.length === 1)
    expect(served.closed[0]?.cause).toMatchObject({ _tag: 'ProtocolFailed', error: { _tag: 'TooLong' } })
  })

  it('ignores answers, for it has asked nothing', async () => {
    const { say, end } = await speaker(await serving(examples))
    say('{"jsonrpc":"2.0","id":1,"result":1}', '[{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}]')
    expect(await end()).toEqual([])
  })

  it('tells every connection what it wants it to know, and the peer of a call what the method does', async () => {
    const welcome = { _tag: 'Notification', method: 'welcome', params: [1] } as const
    const work: JsonRpcMethod = (_params, { notify }) => {
      notify('progress', { done: 1 })
      notify('half')
      return 'done'
    }
    const { say, end } = await speaker(await serving({ work }, { notifications: () => of(welcome) }))
    say(request(1, 'work'))
    const params = { done: 1 }
    expect(await end()).toEqual([
      { jsonrpc: '2.0', method: 'welcome', params: [1] },
      { jsonrpc: '2.0', method: 'progress', params },
      { jsonrpc: '2.0', method: 'half' },
      result(1, 'done'),
    ])
  })

  it('refuses what cannot be [R27]', () => {
    expect(() => jsonRpcServer({}, { parallelism: 0 })).toThrow('parallelism')
    expect(() => jsonRpcServer({ a: 1 as unknown as JsonRpcMethod })).toThrow('a is 1')
    expect(() => jsonRpcMethod({} as t.Any, () => 1)).toThrow('schema')
  })
})
