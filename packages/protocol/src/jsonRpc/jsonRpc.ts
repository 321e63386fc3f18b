import * as E from 'fp-ts/lib/Either.js'
import type { Codec } from '../codec/codec.ts'
import { inFrame } from '../codec/invalid.ts'
import type { JsonOptions } from '../codec/json.ts'
import { JSON_DEFAULTS, json } from '../codec/json.ts'
import { expression, wholeOption } from '../internal/options.ts'
import { notEncodable } from '../internal/refusal.ts'
import { receivedOf } from './internal/reading.ts'
import { writtenOf } from './internal/writing.ts'
import type { JsonRpcReceived, JsonRpcSent } from './message.ts'
import { JSON_RPC_CODES } from './message.ts'

/** What {@link jsonRpc} does where it is not told otherwise. */
export const JSON_RPC_DEFAULTS = { ...JSON_DEFAULTS, maxBatch: 1000 } as const satisfies JsonRpcOptions

/** Options of {@link jsonRpc}. */
export interface JsonRpcOptions extends JsonOptions {
  /**
   * The most messages a batch may have. Default 1,000: an answer may be far longer than what it answers, so that a limit
   * of bytes alone is none.
   */
  readonly maxBatch?: number
}

/**
 * JSON text ⇄ messages of JSON-RPC 2.0: requests, notifications, answers, and batches of them.
 *
 * ```
 *  {"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]}   ⇄   { _tag: 'Request', id: 1, method: 'add', params: [1, 2] }
 *  {"jsonrpc":"2.0","id":1,"result":3}                      ⇄   { _tag: 'Result', id: 1, result: 3 }
 *  [{…},1]                                                  ▶   { _tag: 'Batch', messages: [{…}, { _tag: 'Broken' … }] }
 *  {"jsonrpc":                                              ▶   { _tag: 'Broken', code: -32700, id: null, error: Invalid }
 * ```
 *
 * Reading never fails inside a frame: what is no message is one too, `Broken`, with the code JSON-RPC has for it, for
 * it wants an answer (sections 5.1 and 6). An empty batch and one over `maxBatch` are `Broken` as a whole. Members that
 * JSON-RPC does not know are left out, and messages of JSON-RPC 1.0 are `Broken`.
 *
 * Errors while encoding, `NotEncodable`: an id that is no text, number or null · a method that is no text · params that
 * are neither array nor object · a result that is `undefined` · an error without a whole number and a text · an empty
 * batch, or one over `maxBatch` · what `json()` refuses.
 *
 * Throws `WrongOption` for limits that leave no room.
 *
 * ```ts
 * import { jsonRpc } from '@sluice/protocol'
 *
 * const codec = jsonRpc()
 * const call = codec.encode({ _tag: 'Request', id: 1, method: 'add', params: [1, 2] })
 * console.log(call._tag === 'Right' ? call.right : '') // {"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]}
 * const read = codec.decode('{"jsonrpc":"2.0","id":7,"method":1}')
 * if (read._tag === 'Right' && read.right._tag === 'Broken') {
 *   console.log(read.right.id, read.right.code, read.right.error.message) // 7 -32600 the frame at offset 0 is no jsonRpc(): method: expected a text, got 1
 * }
 * ```
 *
 * Source: JSON-RPC 2.0 Specification, https://www.jsonrpc.org/specification.
 */
export const jsonRpc = (options: JsonRpcOptions = {}): Codec<string, JsonRpcReceived, JsonRpcSent> => {
  const name = expression('jsonRpc', options)
  const { maxBatch, ...rest } = options
  const most = wholeOption(name, 'maxBatch', maxBatch, JSON_RPC_DEFAULTS.maxBatch, { least: 1 })
  const text = json(rest)
  return {
    name,
    decode: (wire, offset = 0) => {
      const value = text.decode(wire, offset)
      if (E.isRight(value)) return E.right(receivedOf(value.right, { codec: name, text: wire, offset }, most))
      const error = inFrame(value.left, wire, offset)
      return E.right({ _tag: 'Broken', code: JSON_RPC_CODES.parseError, id: null, error })
    },
    encode: (message) => {
      const written = writtenOf(message, most)
      return E.isRight(written) ? text.encode(written.right) : notEncodable(name, message, written.left)
    },
  }
}
