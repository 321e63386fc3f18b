import type { Either } from 'fp-ts/lib/Either.js'
import type { ByteWriter } from '../byteWriter.ts'
import type { EncodeError } from '../errors.ts'
import { limitOption } from '../internal/options.ts'
import { stepDecoder } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import type { End, Step } from './step.ts'

/** What {@link framing} is built from. */
export interface FramingOptions<A, B = A, S = undefined> {
  /** Prints as the expression that built it. */
  readonly name: string
  /** The most bytes a whole frame may take on the wire. Default 1 MiB (1,048,576). */
  readonly maxFrameBytes?: number
  /** What the first step is given. */
  readonly initial: S
  /**
   * A pure function of the unread bytes: at least one, and at most `maxFrameBytes`, for what does not end within
   * them is too long. `scanned` is what the last `more` for this
   * frame said (0 for a new one), `state` what the last frame or skip left, `offset` where the first
   * unread byte stands in the stream. What it says must not depend on how far the bytes reach behind
   * the frame: that is what makes the decoder independent of chunking.
   */
  readonly step: Step<A, S>
  /**
   * What a FIN makes of unread bytes (called with none too, at a frame border). Default: nothing at
   * a border, `Truncated` elsewhere.
   */
  readonly end?: End<A, S>
  /** As {@link Protocol.encode}. It holds the limit itself, for only it knows the size beforehand. */
  readonly encode: (message: B, out: ByteWriter) => Either<EncodeError, void>
}

/** The default limit of a frame, in bytes: 1 MiB. */
export const DEFAULT_MAX_FRAME_BYTES = 1024 * 1024

/**
 * A protocol from a pure step: say what the unread bytes are, and the engine turns that into a
 * decoder that obeys R15 to R20.
 *
 * ```
 *  unread     step says                  then
 *  02 61      need(3, 'payload')         waits until three bytes are there
 *  02 61 62   frame('ab', 3)             emits 'ab', goes on behind it
 * ```
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` (a frame, announced or not, over
 * `maxFrameBytes`) · `Malformed` (the step said `fail`) · `Truncated` (FIN inside a frame).
 * Throws `WrongOption` if `maxFrameBytes` is no positive integer.
 *
 * ```ts
 * import { NotEncodable, frame, framing, need } from '@sluice/protocol'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * // one byte says how many follow
 * const short = framing<Uint8Array>({
 *   name: 'short()',
 *   maxFrameBytes: 256,
 *   initial: undefined,
 *   step: (bytes) => {
 *     const total = 1 + (bytes[0] ?? 0)
 *     return bytes.length < total ? need(total, 'payload') : frame(bytes.subarray(1, total), total)
 *   },
 *   encode: (message, out) => {
 *     if (message.length > 255) {
 *       return E.left(new NotEncodable({ what: 'over 255 bytes', protocol: 'short()', message }))
 *     }
 *     out.byte(message.length)
 *     out.bytes(message)
 *     return E.right(undefined)
 *   },
 * })
 * short.decoder().push(Uint8Array.of(2, 104, 105), (m) => {
 *   console.log(Buffer.from(m).toString()) // hi
 *   return true
 * })
 * ```
 */
export const framing = <A, B = A, S = undefined>(options: FramingOptions<A, B, S>): Protocol<A, B> => {
  const limit = limitOption(options.name, options.maxFrameBytes, DEFAULT_MAX_FRAME_BYTES)
  return {
    name: options.name,
    decoder: () => stepDecoder({ ...options, maxFrameBytes: limit }),
    encode: options.encode,
  }
}
