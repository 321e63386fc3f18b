import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { ByteWriter } from '../byteWriter.ts'
import type { EncodeError } from '../errors.ts'
import { FramedParse } from '../internal/framedParse.ts'
import { limitOption } from '../internal/options.ts'
import { parseDecoder } from '../internal/parseDecoder.ts'
import { overLimit } from '../internal/refusal.ts'
import { DONE } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'
import type { Readers, Reading } from './readers.ts'

/** What {@link framed} is built from. */
export interface FramedOptions<A, B = A> {
  /** Prints as the expression that built it. */
  readonly name: string
  /**
   * Reads one frame, from its first byte to its last, at least one; what it returns is the message. Pure: it may be
   * begun again, and left unfinished, at any time. It must not throw.
   */
  readonly read: (readers: Readers) => Reading<A>
  /** Writes what `read` reads. On `Left`, and where the frame is over the limit, all of it is taken back. */
  readonly encode: (message: B, out: ByteWriter) => Either<EncodeError, unknown>
  /** The most bytes a whole frame may take on the wire. Default 1 MiB (1,048,576). */
  readonly maxFrameBytes?: number
}

/**
 * A framing as it reads: what `framing` says with a step, here is a generator that asks for one part of the frame after
 * the other. Each `yield*` waits for its bytes and gives their value.
 *
 * ```
 *  bytes     00 02 68 69                  00 01 …
 *  reads     u16be → 2   take(2) → 'hi'   u16be → 1   take(1) waits
 * ```
 *
 * The generator is resumed where it waits, and begun anew for the next frame: a frame in many pieces is linear work.
 *
 * Errors while decoding, the `remote` side's fault: `TooLong` (at the part that goes over the limit, before its
 * bytes) · `Malformed` (`literal`, `malformed`, a length that is none) · `Truncated` (the phase of the part).
 * While encoding, `local`: what `encode` answers · `TooLong`.
 * Throws `WrongOption` if `maxFrameBytes` is no positive integer.
 *
 * ```ts
 * import { framed } from '@sluice/protocol'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const short = framed({
 *   name: 'short()',
 *   read: function* ({ u16be, take }) {
 *     const length = yield* u16be
 *     return yield* take(length)
 *   },
 *   encode: (message: Uint8Array, out) => {
 *     out.uintBE(message.length, 2)
 *     return E.right(out.bytes(message))
 *   },
 *   maxFrameBytes: 65_537,
 * })
 * short.decoder().push(Uint8Array.of(0, 2, 104, 105), (message) => {
 *   console.log(Buffer.from(message).toString()) // hi
 *   return true
 * })
 * ```
 */
export const framed = <A, B = A>(options: FramedOptions<A, B>): Protocol<A, B> => {
  const { name, read, encode } = options
  const limit = limitOption(name, options.maxFrameBytes, DEFAULT_MAX_FRAME_BYTES)
  return {
    name,
    decoder: () => parseDecoder(limit, undefined, new FramedParse(read)),
    encode: (message, out) => {
      const before = out.length
      const result = encode(message, out)
      const total = out.length - before
      if (!isLeft(result) && total <= limit) return DONE
      out.truncate(before)
      return isLeft(result) ? result : overLimit(limit, total, new Uint8Array(0))
    },
  }
}
