import { jsonRpcHeaders, jsonRpcLines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { firstValueFrom, of, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { JsonRpcMethod } from '../src/index.ts'
import { connect, fromDuplex, JsonRpcError, jsonRpcClient } from '../src/index.ts'
import { HOST, portOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import type { Served } from './support/rpc.ts'
import { serving } from './support/rpc.ts'
import { until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const methods: Readonly<Record<string, JsonRpcMethod>> = {
  add: (params) => (params as number[]).reduce((a, b) => a + b, 0),
  user: () => ({ name: 'ann', age: 41 }),
  nothing: () => undefined,
  fails: () => Promise.reject(new JsonRpcError({ code: 404, message: 'no such user', data: 7 })),
}

const calling = ({ listener }: Served, protocol = jsonRpcLines(), options = {}) => {
  const rpc = jsonRpcClient(connect({ host: HOST, port: portOf(listener) }), protocol, options)
  afterwards(() => {
    void rpc.close()
  })
  return rpc
}

/** A client over a stream in memory, and what it has sent. */
const wired = (options = {}) => {
  const wire = new Wire()
  const rpc = jsonRpcClient(of(fromDuplex(wire)), jsonRpcLines(), options)
  const sent = (): readonly unknown[] => {
    const lines = wire.text.split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line) as unknown)
  }
  afterwards(() => {
    void rpc.close()
    wire.fin()
  })
  return { wire, rpc, sent }
}

const codeOf = (outcome: E.Either<{ readonly _tag: string }, unknown>): unknown =>
  E.isLeft(outcome) ? (outcome.left instanceof JsonRpcError ? outcome.left.code : outcome.left._tag) : outcome.right

describe('jsonRpcClient()', () => {
  for (const protocol of [jsonRpcLines(), jsonRpcHeaders()]) {
    it(`calls, many at once, each with its own answer, over ${protocol.name}`, async () => {
      const served = await serving(methods, {}, protocol)
      const rpc = calling(served, protocol)
      const answers = await Promise.all([...Array(50).keys()].map((n) => rpc.call('add', [n, n])()))
      expect(answers).toEqual([...Array(50).keys()].map((n) => E.right(2 * n)))
      expect(await rpc.call('nothing')()).toEqual(E.right(null))
      await rpc.close()
      await until('the end', () => served.closed.length === 1)
      expect(served.closed[0]?.cause).toEqual({ _tag: 'Finished' })
    })
  }

  it('fails with what the server says went wrong, and goes on [R27]', async () => {
    const rpc = calling(await serving(methods))
    const failed = await rpc.call('fails')()
    expect(failed).toMatchObject({ left: { _tag: 'JsonRpcError', code: 404, message: 'no such user', data: 7 } })
    expect(codeOf(await rpc.call('nope')())).toBe(-32601)
    expect(codeOf(await rpc.call('add', [1, 2])())).toBe(3)
  })

  it('checks the result where it is told what it must be', async () => {
    const rpc = calling(await serving(methods))
    const User = t.type({ name: t.string, age: t.number }, 'User')
    expect(await rpc.call('user', undefined, { result: User })()).toEqual(E.right({ name: 'ann', age: 41 }))
    const upper = z.object({ name: z.string().transform((name) => name.toUpperCase()) })
    expect(await rpc.call('user', undefined, { result: upper })()).toEqual(E.right({ name: 'ANN' }))
    const wrong = await rpc.call('user', [], { result: t.string })()
    expect(wrong).toMatchObject({ left: { _tag: 'Invalid', codec: 'string', fault: 'remote' } })
  })

  it('asks a batch in one message, and gives each call its result, in their order', async () => {
    const seen: unknown[] = []
    const rpc = calling(await serving({ ...methods, see: (params) => seen.push(params) }))
    const outcome = await rpc.batch([
      { method: 'add', params: [1, 2] },
      { method: 'see', params: ['a'], notify: true },
      { method: 'nope' },
      { method: 'nothing' },
    ])()
    if (E.isLeft(outcome)) throw outcome.left
    expect(outcome.right.map(codeOf)).toEqual([3, undefined, -32601, null])
    const told = await rpc.batch([{ method: 'see', params: ['b'], notify: true }])()
    expect(told).toEqual(E.right([E.right(undefined)]))
    expect(await rpc.batch([])()).toEqual(E.right([]))
    await until('both', () => seen.length === 2)
    expect(seen).toEqual([['a'], ['b']])
  })

  it('finds the answers of batches in any order, mixed with others, and knows what is left out', async () => {
    const { wire, rpc, sent } = wired()
    const batch = rpc.batch([{ method: 'a' }, { method: 'b' }, { method: 'c' }])()
    const call = rpc.call('d')()
    await until('both', () => sent().length === 2)
    const ids = ['1.0', '1.1', '1.2']
    expect(sent()).toEqual([
      ids.map((id, index) => ({ jsonrpc: '2.0', id, method: 'abc'[index] })),
      { jsonrpc: '2.0', id: 2, method: 'd' },
    ])
    wire.give('{"jsonrpc":"2.0","id":2,"result":"D"}\n')
    wire.give('[{"jsonrpc":"2.0","id":"1.2","result":"C"},{"jsonrpc":"2.0","id":"1.0","result":"A"}]\n')
    expect(await call).toEqual(E.right('D'))
    expect(await batch).toMatchObject({
      right: [
        E.right('A'),
        { left: { code: -32603, message: 'the answer to the batch leaves this call out' } },
        E.right('C'),
      ],
    })
  })

  it('tells the server something, and hears what it says unasked', async () => {
    const ping: JsonRpcMethod = (params, { notify }) => {
      notify('pong', params)
    }
    const welcome = { _tag: 'Notification', method: 'welcome' } as const
    const rpc = calling(await serving({ ping }, { notifications: () => of(welcome) }))
    const heard = firstValueFrom(rpc.notifications$.pipe(take(2), toArray()))
    expect(await rpc.notify('ping', { n: 1 })()).toEqual(E.right(undefined))
    expect(await heard).toEqual([welcome, { _tag: 'Notification', method: 'pong', params: { n: 1 } }])
  })

  it('passes on what answers nothing: requests, errors of none, what is broken, batches of notifications', async () => {
    const { wire, rpc, sent } = wired()
    const tags: string[] = []
    const notified: string[] = []
    rpc.pushes$.subscribe(({ _tag }) => tags.push(_tag))
    rpc.notifications$.subscribe(({ method }) => notified.push(method))
    wire.give(
      '{"jsonrpc":"2.0","id":7,"method":"ask"}\n{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":""}}\n',
    )
    wire.give(
      '{\n[{"jsonrpc":"2.0","method":"x"},{"jsonrpc":"2.0","method":"y"}]\n{"jsonrpc":"2.0","id":"a","result":1}\n',
    )
    await until('all', () => tags.length === 5)
    expect(tags).toEqual(['Request', 'Failure', 'Broken', 'Batch', 'Result'])
    expect(notified).toEqual(['x', 'y'])
    await rpc.respond({ _tag: 'Result', id: 7, result: 'yes' })()
    expect(sent()).toEqual([{ jsonrpc: '2.0', id: 7, result: 'yes' }])
  })

  it('tells the server what it no longer waits for, where there is a way', async () => {
    const { rpc, sent } = wired({ cancelMethod: '$/cancelRequest' })
    const controller = new AbortController()
    const call = rpc.call('slow', [], { signal: controller.signal })()
    await until('the call', () => sent().length === 1)
    controller.abort('enough')
    expect(codeOf(await call)).toBe('RequestCancelled')
    await until('the cancel', () => sent().length === 2)
    expect(sent()[1]).toEqual({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 1 } })
  })

  it('fails what is asked when the connection is lost, and what cannot be said [R8][R27]', async () => {
    const { wire, rpc, sent } = wired()
    expect(codeOf(await rpc.call('a', [1n])())).toBe('RequestNotEncodable')
    const call = rpc.call('a')()
    await until('the call', () => sent().length === 1)
    wire.destroy()
    expect(codeOf(await call)).toBe('RequestLost')
  })
})
