import * as E from 'fp-ts/lib/Either.js'
import { layerOn } from '../codec/internal/layerOn.ts'
import { inFrame } from '../codec/invalid.ts'
import { utf8 } from '../codec/text.ts'
import type { HeaderFrame } from '../framing/headerFrame.ts'
import { HEADER_FRAMED_DEFAULTS, headerFramed } from '../framing/headerFramed.ts'
import { expression } from '../internal/options.ts'
import type { Protocol } from '../protocol.ts'
import type { JsonRpcOptions } from './jsonRpc.ts'
import { JSON_RPC_DEFAULTS, jsonRpc } from './jsonRpc.ts'
import type { JsonRpcReceived, JsonRpcSent } from './message.ts'
import { JSON_RPC_CODES } from './message.ts'

/** What {@link jsonRpcHeaders} does where it is not told otherwise. */
export const JSON_RPC_HEADERS_DEFAULTS = {
  ...JSON_RPC_DEFAULTS,
  maxHeaderBytes: HEADER_FRAMED_DEFAULTS.maxHeaderBytes,
  maxFrameBytes: HEADER_FRAMED_DEFAULTS.maxFrameBytes,
} as const satisfies JsonRpcHeadersOptions

/** Options of {@link jsonRpcHeaders}. */
export interface JsonRpcHeadersOptions extends JsonRpcOptions {
  /** The most bytes the header block may take. Default 8 KiB (8,192), or `maxFrameBytes` where that is less. */
  readonly maxHeaderBytes?: number
  /** The most bytes a frame may take on the wire, header block and body. Default 1 MiB (1,048,576). */
  readonly maxFrameBytes?: number
}

/**
 * JSON-RPC 2.0 behind `Content-Length` headers, as language servers and debuggers speak it.
 *
 * ```
 *  bytes    C o n t e n t - L e n g t h : 3 9 CR LF  CR LF  {"jsonrpc":"2.0","id":1,"method":"add"}
 *  emits    { _tag: 'Request', id: 1, method: 'add' }
 * ```
 *
 * Other headers are read and left alone: text is UTF-8, whatever a `Content-Type` says. A body that is no UTF-8 is `Broken`
 * like other text that is no JSON. What else is read and refused is said of `jsonRpc`.
 *
 * Errors while decoding: those of `headerFramed()`, which are of the headers. While encoding: `NotEncodable`, `TooLong`.
 * Throws `WrongOption` for limits that leave no room.
 *
 * ```ts
 * import { byteQueue, jsonRpcHeaders } from '@sluice/protocol'
 *
 * const out = byteQueue()
 * jsonRpcHeaders().encode({ _tag: 'Result', id: 1, result: 3 }, out)
 * console.log(JSON.stringify(Buffer.from(out.take()).toString())) // "Content-Length: 35\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":3}"
 * ```
 *
 * Source: Language Server Protocol 3.17, "Base Protocol".
 */
export const jsonRpcHeaders = (options: JsonRpcHeadersOptions = {}): Protocol<JsonRpcReceived, JsonRpcSent> => {
  const name = expression('jsonRpcHeaders', options)
  const { maxHeaderBytes, maxFrameBytes, ...rest } = options
  const { decode, encode } = jsonRpc(rest)
  const frames = headerFramed({
    ...(maxHeaderBytes === undefined ? {} : { maxHeaderBytes }),
    ...(maxFrameBytes === undefined ? {} : { maxFrameBytes }),
  })
  const step = {
    decode: ({ body }: HeaderFrame, offset = 0) => {
      const text = utf8.decode(body, offset)
      if (E.isRight(text)) return decode(text.right, offset)
      const error = inFrame(text.left, body, offset)
      return E.right<never, JsonRpcReceived>({ _tag: 'Broken', code: JSON_RPC_CODES.parseError, id: null, error })
    },
    encode: (message: JsonRpcSent) => E.map(bodyOf)(E.flatMap(utf8.encode)(encode(message))),
  }
  return layerOn(frames, step, () => name)
}

const bodyOf = (body: Uint8Array): HeaderFrame => ({ headers: [], body })
