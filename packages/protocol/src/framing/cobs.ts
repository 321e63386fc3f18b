import { cobsBytes, decodeCobs, encodeCobs } from '../internal/cobs.ts'
import { choiceOption, expression, limitOption } from '../internal/options.ts'
import { NO_BYTES, notEncodable, overLimit } from '../internal/refusal.ts'
import { DONE, stepDecoder } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'
import type { Step } from './step.ts'
import { fail, frame, more, skip } from './step.ts'

/** Options of {@link cobs}. */
export interface CobsOptions {
  /**
   * What a zero with nothing before it is. `fail` (default): `Malformed`, for even an empty message is not written
   * that way. `skip`: nothing, for senders that begin a frame with a zero as well.
   */
  readonly emptyFrames?: 'fail' | 'skip'
  /** The most bytes a whole frame may take on the wire, its zero included. Default 1 MiB. */
  readonly maxFrameBytes?: number
}

/** What {@link cobs} does where it is not told otherwise. */
export const COBS_DEFAULTS = {
  emptyFrames: 'fail',
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies CobsOptions

/**
 * Consistent overhead byte stuffing: frames that end with a zero and have none inside, for one byte more in 254.
 *
 * ```
 *  message   11 22 00 33
 *  bytes     03 11 22 02 33 00      03: the next zero is 3 bytes on, 02: the end is 2 bytes on
 * ```
 *
 * Short frames without a zero are views of the chunk they came in (R20), others are copies.
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` · `Malformed` (a code that points beyond its
 * frame; nothing before a zero) · `Truncated` (FIN inside a frame). While encoding, `local`: `TooLong`.
 * Throws `WrongOption` for an impossible option.
 *
 * ```ts
 * import { byteQueue, cobs } from '@sluice/protocol'
 *
 * const out = byteQueue()
 * cobs().encode(Uint8Array.of(0x11, 0x22, 0, 0x33), out)
 * const bytes = out.take()
 * console.log(Buffer.from(bytes).toString('hex')) // 031122023300
 * cobs().decoder().push(bytes, (frame) => {
 *   console.log(Buffer.from(frame).toString('hex')) // 11220033
 *   return true
 * })
 * ```
 *
 * Source: Cheshire and Baker, Consistent Overhead Byte Stuffing, IEEE/ACM Transactions on Networking 7(2), 1999.
 */
export const cobs = (options: CobsOptions = {}): Protocol<Uint8Array> => {
  const name = expression('cobs', options)
  const skips = choiceOption(name, 'emptyFrames', options.emptyFrames, ['fail', 'skip']) === 'skip'
  const limit = limitOption(name, options.maxFrameBytes, COBS_DEFAULTS.maxFrameBytes, 2)
  const plain = { maxFrameBytes: limit, initial: undefined, step: cobsStep(skips) }
  return {
    name,
    decoder: () => stepDecoder(plain),
    encode: (message, out) => {
      if (!(message instanceof Uint8Array)) return notEncodable(name, message, NO_BYTES)
      const total = cobsBytes(message) + 1
      if (total > limit) return overLimit(limit, total, message)
      out.bytes(encodeCobs(message, total))
      return DONE
    },
  }
}

const cobsStep =
  (skips: boolean): Step<Uint8Array> =>
  (bytes, scanned) => {
    const end = bytes.indexOf(0, scanned)
    if (end === -1) return more(bytes.length, 'frame')
    if (end === 0) return skips ? skip(1) : fail('nothing before the zero of a frame', 0)
    const message = decodeCobs(bytes.subarray(0, end))
    return typeof message === 'number' ? fail('a code that points beyond its frame', message) : frame(message, end + 1)
  }
