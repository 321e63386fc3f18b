import type { Protocol } from '../protocol.ts'
import type { Codec } from './codec.ts'
import { layerOn } from './internal/layerOn.ts'
import { piped } from './internal/sequence.ts'

/**
 * A protocol whose frames mean something: what it reads goes through the codec, and what is sent comes out of it.
 *
 * ```
 *  bytes   00 00 00 02 7b 7d
 *  frame               7b 7d              lengthPrefixed()
 *  text                '{}'               through(utf8)
 *  value               {}                 through(json())
 * ```
 *
 * The types say what fits: a codec of text wants a protocol of text. The name is the expression,
 * `pipe(lengthPrefixed(), through(utf8), through(json()))`.
 *
 * Errors while decoding: those of the protocol, and `Invalid` for a frame that is no message, with the frame and where
 * it begins in the stream: behind the message before it. Like any error of a decoder it is the last (R17); a codec that
 * is `attempted` gives it as a value instead. While encoding: those of both; nothing is written before the codec agrees.
 *
 * ```ts
 * import { byteQueue, json, lengthPrefixed, through, utf8 } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const messages = pipe(lengthPrefixed({ width: 2 }), through(utf8), through(json()))
 * const out = byteQueue()
 * messages.encode({ hello: 1 }, out)
 * const bytes = out.take()
 * messages.decoder().push(bytes, (message) => {
 *   console.log(message) // { hello: 1 }
 *   return true
 * })
 * ```
 */
export const through =
  <Wire, A, B = A>(codec: Codec<Wire, A, B>) =>
  (protocol: Protocol<Wire>): Protocol<A, B> =>
    layerOn(protocol, codec, () => piped(protocol.name, `through(${codec.name})`))
