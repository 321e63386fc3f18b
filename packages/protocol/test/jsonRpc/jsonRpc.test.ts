import { codecLaws } from '@sluice/testing'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Codec, JsonRpcReceived, JsonRpcSent } from '../../src/index.ts'
import { jsonRpc } from '../../src/index.ts'
import { anySent } from './messages.ts'

const codec = jsonRpc()

const read = (text: string): JsonRpcReceived => {
  const result = codec.decode(text)
  if (E.isLeft(result)) throw result.left
  return result.right
}

const written = (message: unknown): string => {
  const result = codec.encode(message as JsonRpcSent)
  return E.isRight(result) ? result.right : `${result.left._tag}: ${result.left.message}`
}

/** Codes and ids of what is broken, tags of the others. */
const brief = (one: JsonRpcReceived): unknown => {
  if (one._tag === 'Batch') return one.messages.map(brief)
  return one._tag === 'Broken' ? [one.code, one.id] : one._tag
}

describe('jsonRpc()', () => {
  it('reads back what it wrote, and JSON makes of its values what it does [R15]', () => {
    const property = fc.property(anySent, (message) => {
      expect(JSON.stringify(read(written(message)))).toBe(JSON.stringify(message))
    })
    fc.assert(property)
  })

  it('agrees to send nothing that is read as broken [R15]', () => {
    const junk = fc.record(
      {
        _tag: fc.constantFrom('Request', 'Notification', 'Result', 'Failure', 'Broken'),
        id: fc.anything(),
        method: fc.oneof(fc.string(), fc.anything()),
        params: fc.anything(),
        result: fc.anything(),
        error: fc.oneof(fc.anything(), fc.record({ code: fc.anything(), message: fc.string(), data: fc.anything() })),
      },
      { requiredKeys: ['_tag'] },
    )
    const sent = fc.oneof(junk, fc.anything(), fc.record({ _tag: fc.constant('Batch'), messages: fc.array(junk) }))
    const property = fc.property(sent, (message) => {
      const text = codec.encode(message as JsonRpcSent)
      if (E.isRight(text)) expect(JSON.stringify(read(text.right))).not.toContain('Broken')
    })
    fc.assert(property, { numRuns: 1000 })
  })

  const oneType = codec as unknown as Codec<string, unknown>
  const laws = codecLaws(oneType, {
    value: anySent,
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    wire: anySent.map(written),
  })
  it.each(laws.map((law) => [law.name, law.run] as const))('%s', (_law, run) => {
    run()
  })

  it('reads the examples of the specification (section 7)', () => {
    const examples: ReadonlyArray<readonly [string, unknown]> = [
      ['{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}', { _tag: 'Request', id: 1, method: 'subtract', params: [42, 23] }],
      ['{"jsonrpc": "2.0", "result": 19, "id": 1}', { _tag: 'Result', id: 1, result: 19 }],
      ['{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23}, "id": "3"}', { _tag: 'Request', id: '3', method: 'subtract', params: { subtrahend: 23 } }],
      ['{"jsonrpc": "2.0", "method": "update", "params": [1,2,3]}', { _tag: 'Notification', method: 'update', params: [1, 2, 3] }],
      ['{"jsonrpc": "2.0", "method": "foobar"}', { _tag: 'Notification', method: 'foobar' }],
      ['{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}', { _tag: 'Failure', id: '1', error: { code: -32601, message: 'Method not found' } }],
      ['{"jsonrpc": "2.0", "method": "get", "id": null}', { _tag: 'Request', id: null, method: 'get' }],
    ] // prettier-ignore
    for (const [text, message] of examples) expect(read(text)).toEqual(message)
    expect(brief(read('{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]'))).toEqual([-32700, null])
    expect(brief(read('{"jsonrpc": "2.0", "method": 1, "params": "bar"}'))).toEqual([-32600, null])
    expect(brief(read('[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},{"jsonrpc":'))).toEqual([-32700, null]) // prettier-ignore
    expect(brief(read('[]'))).toEqual([-32600, null])
    expect(brief(read('[1]'))).toEqual([[-32600, null]])
    expect(brief(read('[1,2,3]'))).toEqual([[-32600, null], [-32600, null], [-32600, null]]) // prettier-ignore
    const mixed =
      '[{"jsonrpc":"2.0","method":"sum","id":"1"},{"jsonrpc":"2.0","method":"hi"},{"foo":"boo"},{"jsonrpc":"2.0","method":"x","id":"9"}]'
    expect(brief(read(mixed))).toEqual(['Request', 'Notification', [-32600, null], 'Request'])
  })

  it('says of what is broken what is wrong, where, and in which request, if that can be read [R19]', () => {
    const cases: ReadonlyArray<readonly [string, number, string]> = [
      ['1', -32600, 'expected an object, got 1'],
      ['{"method":"a","id":5}', -32600, 'jsonrpc: expected "2.0", got undefined'],
      ['{"jsonrpc":"1.0","method":"a"}', -32600, 'jsonrpc: expected "2.0", got "1.0"'],
      ['{"jsonrpc":"2.0","method":"a","id":true}', -32600, 'id: expected a text, a number or null, got true'],
      ['{"jsonrpc":"2.0","method":"a","id":1e999}', -32600, 'id: expected a text, a number or null, got Infinity'],
      ['{"jsonrpc":"2.0","method":"a","params":1,"id":5}', -32600, 'params: expected an array or an object, got 1'],
      [
        '{"jsonrpc":"2.0","method":"a","params":null,"id":5}',
        -32600,
        'params: expected an array or an object, got null',
      ],
      ['{"jsonrpc":"2.0","id":5}', -32600, 'expected a request, or an answer with its id, got an object'],
      ['{"jsonrpc":"2.0","result":1}', -32600, 'expected a request, or an answer with its id, got an object'],
      ['{"jsonrpc":"2.0","result":1,"error":{},"id":5}', -32600, 'expected a request, or an answer with its id'],
      ['{"jsonrpc":"2.0","error":{"code":1.5,"message":""},"id":5}', -32600, 'error: expected a whole number as code'],
      ['[1,{"jsonrpc":"2.0"}]', -32600, '[0]: expected an object, got 1'],
      ['{"a":tru}', -32700, 'expected a value'],
      [`${'['.repeat(99)}${']'.repeat(99)}`, -32700, 'at most 64 levels'],
      ['{"__proto__":1}', -32700, '__proto__'],
    ]
    for (const [text, code, what] of cases) {
      const one = read(text)
      const found = one._tag === 'Batch' ? one.messages[0] : one
      if (found?._tag !== 'Broken') throw new Error(`${text} was read as ${found?._tag ?? 'nothing'}`)
      expect(found.error.message).toContain(what)
      expect([found.code, found.id]).toEqual([code, text.includes('"id":5') ? 5 : null])
    }
  })

  it('knows a batch that is too large as broken, and sends none [R16]', () => {
    const small = jsonRpc({ maxBatch: 2 })
    const note = { _tag: 'Notification', method: 'a' } as const
    expect(E.isRight(small.encode({ _tag: 'Batch', messages: [note, note] }))).toBe(true)
    expect(E.isLeft(small.encode({ _tag: 'Batch', messages: [note, note, note] }))).toBe(true)
    expect(small.decode('[1,2,3]')).toMatchObject({ right: { _tag: 'Broken', code: -32600 } })
    expect(() => jsonRpc({ maxBatch: 0 })).toThrow('maxBatch')
  })

  it('refuses to write what it would not read back, and says why [R15]', () => {
    const refused: ReadonlyArray<readonly [unknown, string]> = [
      [{ _tag: 'Request', id: undefined, method: 'a' }, 'id: expected a text, a number or null, got undefined'],
      [{ _tag: 'Request', id: NaN, method: 'a' }, 'id: expected'],
      [{ _tag: 'Request', id: 1, method: 2 }, 'method: expected a text, got 2'],
      [{ _tag: 'Notification', method: 'a', params: 'b' }, 'params: expected an array or an object, got "b"'],
      [{ _tag: 'Notification', method: 'a', params: new Date(0) }, 'params: expected'],
      [{ _tag: 'Result', id: 1, result: undefined }, 'result: JSON has no word for undefined'],
      [{ _tag: 'Result', id: 1, result: { toJSON: () => undefined } }, 'result: JSON has no word'],
      [{ _tag: 'Result', id: 1, result: 1n }, 'BigInt'],
      [{ _tag: 'Failure', id: 1, error: { code: 1.5, message: 'a' } }, 'error: expected a whole number'],
      [{ _tag: 'Batch', messages: [] }, 'from 1 to 1000 messages, this one 0'],
      [{ _tag: 'Broken' }, 'expected a message of JSON-RPC'],
      [null, ''],
    ]
    for (const [message, why] of refused) {
      expect(written(message)).toContain('NotEncodable')
      expect(written(message)).toContain(why)
    }
  })

  it('writes what a value stands for', () => {
    const params = { toJSON: () => [1] } as unknown as readonly unknown[]
    expect(written({ _tag: 'Notification', method: 'a', params })).toBe('{"jsonrpc":"2.0","method":"a","params":[1]}')
    expect(written({ _tag: 'Result', id: 1, result: new Date(0) })).toContain('"result":"1970-01-01T00:00:00.000Z"')
  })
})
