import { WrongOption } from '../errors.ts'
import { choiceOption, expression, flagOption, limitOption } from '../internal/options.ts'
import { NO_BYTES, notEncodable, overLimit } from '../internal/refusal.ts'
import { DONE, stepDecoder } from '../internal/stepDecoder.ts'
import { END, escapeSlip, slipEscapes, unescapeSlip } from '../internal/slip.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'
import type { Step } from './step.ts'
import { fail, frame, more, skip } from './step.ts'

/** Options of {@link slip}. */
export interface SlipOptions {
  /**
   * What an END with no byte before it is. `skip` (default): nothing, as RFC 1055 reads it, for its senders
   * begin a packet with one as well; then an empty message cannot be sent. `frame`: an empty frame.
   */
  readonly emptyFrames?: 'skip' | 'frame'
  /** Whether frames are written with an END in front too, as RFC 1055 does against line noise. Default false: TCP has none. */
  readonly leadingEnd?: boolean
  /** The most bytes a whole frame may take on the wire, escapes and END included. Default 1 MiB. */
  readonly maxFrameBytes?: number
}

/** What {@link slip} does where it is not told otherwise. */
export const SLIP_DEFAULTS = {
  emptyFrames: 'skip',
  leadingEnd: false,
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies SlipOptions

/**
 * Frames that end with the byte `c0`; where a frame has that byte itself, and where it has `db`, two others stand
 * for it.
 *
 * ```
 *  message  61 c0 62 db             c0 is written db dc
 *  bytes    61 db dc 62 db dd c0    db is written db dd
 * ```
 *
 * Frames without escapes are views of the chunk they came in (R20), others are copies. An escape that is none is
 * `Malformed`: the program in RFC 1055 would let it pass, but nothing that writes SLIP makes one.
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` · `Malformed` (`db` before any other byte) ·
 * `Truncated` (FIN inside a frame). While encoding, `local`: `TooLong` · `NotEncodable` (an empty message, where
 * empty frames are skipped). Throws `WrongOption` for an impossible option, or one that contradicts another.
 *
 * ```ts
 * import { byteQueue, slip } from '@sluice/protocol'
 *
 * const out = byteQueue()
 * slip().encode(Uint8Array.of(0x61, 0xc0), out)
 * const bytes = out.take()
 * console.log(Buffer.from(bytes).toString('hex')) // 61dbdcc0
 * slip().decoder().push(bytes, (frame) => {
 *   console.log(Buffer.from(frame).toString('hex')) // 61c0
 *   return true
 * })
 * ```
 *
 * Source: RFC 1055.
 */
export const slip = (options: SlipOptions = {}): Protocol<Uint8Array> => {
  const name = expression('slip', options)
  const defaults = SLIP_DEFAULTS
  const skips = choiceOption(name, 'emptyFrames', options.emptyFrames, ['skip', 'frame']) === 'skip'
  const leading = flagOption(name, 'leadingEnd', options.leadingEnd, defaults.leadingEnd)
  if (leading && !skips) {
    throw new WrongOption(name, 'leadingEnd', true, 'false, where an END alone is an empty frame')
  }
  const ends = leading ? 2 : 1
  const limit = limitOption(name, options.maxFrameBytes, defaults.maxFrameBytes, ends + (skips ? 1 : 0))
  const plain = { maxFrameBytes: limit, initial: undefined, step: slipStep(skips) }
  return {
    name,
    decoder: () => stepDecoder(plain),
    encode: (message, out) => {
      if (!(message instanceof Uint8Array)) return notEncodable(name, message, NO_BYTES)
      if (skips && message.length === 0) return notEncodable(name, message, 'it is empty, and reading skips that')
      const escapes = slipEscapes(message)
      const total = message.length + escapes + ends
      if (total > limit) return overLimit(limit, total, message)
      if (leading) out.byte(END)
      out.bytes(escapes === 0 ? message : escapeSlip(message, escapes))
      out.byte(END)
      return DONE
    },
  }
}

const slipStep =
  (skips: boolean): Step<Uint8Array> =>
  (bytes, scanned) => {
    const end = bytes.indexOf(END, scanned)
    if (end === -1) return more(bytes.length, 'frame')
    if (end === 0 && skips) return skip(1)
    const message = unescapeSlip(bytes.subarray(0, end))
    return typeof message === 'number' ? fail('an escape that is none', message) : frame(message, end + 1)
  }
