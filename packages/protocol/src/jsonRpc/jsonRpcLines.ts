import * as E from 'fp-ts/lib/Either.js'
import { layerOn } from '../codec/internal/layerOn.ts'
import type { DecodeError } from '../errors.ts'
import { DEFAULT_MAX_FRAME_BYTES } from '../framing/framing.ts'
import { lines } from '../framing/lines.ts'
import { expression } from '../internal/options.ts'
import type { Protocol } from '../protocol.ts'
import type { JsonRpcOptions } from './jsonRpc.ts'
import { JSON_RPC_DEFAULTS, jsonRpc } from './jsonRpc.ts'
import type { JsonRpcReceived, JsonRpcSent } from './message.ts'
import { JSON_RPC_CODES } from './message.ts'

/** What {@link jsonRpcLines} does where it is not told otherwise. */
export const JSON_RPC_LINES_DEFAULTS = {
  ...JSON_RPC_DEFAULTS,
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies JsonRpcLinesOptions

/** Options of {@link jsonRpcLines}. */
export interface JsonRpcLinesOptions extends JsonRpcOptions {
  /** The most bytes a line may take on the wire, its ending included. Default 1 MiB (1,048,576). */
  readonly maxFrameBytes?: number
}

/**
 * JSON-RPC 2.0, a message or a batch a line.
 *
 * ```
 *  bytes    {"jsonrpc":"2.0","id":1,"method":"add"} LF   LF   { LF
 *  emits    { _tag: 'Request', id: 1, … }                     { _tag: 'Broken', code: -32700 … }
 * ```
 *
 * Empty lines are skipped, and sent are lines that end in LF. A line that is no UTF-8 is `Broken` like other text that is
 * no JSON. What else is read and refused is said of `jsonRpc`.
 *
 * Errors while decoding: `TooLong`, `Truncated`. While encoding: `NotEncodable`, `TooLong`.
 * Throws `WrongOption` for limits that leave no room.
 *
 * ```ts
 * import { jsonRpcLines } from '@sluice/protocol'
 *
 * const bytes = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]}\n{\n')
 * jsonRpcLines().decoder().push(bytes, (message) => {
 *   console.log(message._tag === 'Request' ? message.method : message._tag) // add
 *   // Broken
 *   return true
 * })
 * ```
 */
export const jsonRpcLines = (options: JsonRpcLinesOptions = {}): Protocol<JsonRpcReceived, JsonRpcSent> => {
  const name = expression('jsonRpcLines', options)
  const { maxFrameBytes = JSON_RPC_LINES_DEFAULTS.maxFrameBytes, ...rest } = options
  const { decode, encode } = jsonRpc(rest)
  const step = {
    decode: (line: E.Either<DecodeError, string>, offset = 0) =>
      E.isRight(line) ? decode(line.right, offset) : E.right(noText(line.left)),
    encode,
  }
  return layerOn(lines({ invalidText: 'value', maxFrameBytes }), step, () => name, isEmpty)
}

const isEmpty = (line: E.Either<unknown, string>): boolean => E.isRight(line) && line.right === ''

const noText = (error: DecodeError): JsonRpcReceived => ({
  _tag: 'Broken',
  code: JSON_RPC_CODES.parseError,
  id: null,
  error,
})
