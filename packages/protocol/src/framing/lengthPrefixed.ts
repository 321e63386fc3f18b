import { WrongOption } from '../errors.ts'
import { fastLengths } from '../internal/fastLengths.ts'
import { lengthEncoder } from '../internal/lengthEncoder.ts'
import { lengthKind } from '../internal/lengthKind.ts'
import type { LengthRules, TrailerRules } from '../internal/lengthRules.ts'
import { NO_TRAILER, checksumTrailer, fixedTrailer, keepsHeader } from '../internal/lengthRules.ts'
import { lengthStep } from '../internal/lengthStep.ts'
import { bytesOption, choiceOption, expression, limitOption, wholeOption } from '../internal/options.ts'
import { stepDecoder } from '../internal/stepDecoder.ts'
import { bytesOf } from '../internal/varint.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'
import type { LengthPrefixedOptions, Trailer } from './lengthOptions.ts'

/** What {@link lengthPrefixed} does where it is not told otherwise. */
export const LENGTH_PREFIXED_DEFAULTS = {
  width: 4,
  endian: 'big',
  offset: 0,
  lengthIncludes: 'payload',
  adjustment: 0,
  strip: 'both',
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies LengthPrefixedOptions

const WIDTHS: ReadonlyArray<number> = [1, 2, 3, 4, 6, 8]
const CHECKSUM_WIDTHS: ReadonlyArray<number> = [1, 2, 3, 4, 6]

/**
 * A number that says how many bytes follow, then those.
 *
 * ```
 *  bytes    00 00 00 02 a b   00 00 00 00   00 00 00 05 c
 *  emits    'ab'              ''            unread: 00 00 00 05 c
 * ```
 *
 * Nothing is allocated for a length that is only claimed: memory grows with the bytes that came. Frames
 * are views of the chunk they came in (R20).
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` (at the header, before anything is
 * buffered; lengths from 2^53 on too) · `Malformed` (wrong magic, trailer or checksum; a length less than its
 * own header) · `Truncated` (FIN inside a frame). While encoding, `local`: `TooLong` · `NotEncodable` (a length
 * that does not fit; a kept header or trailer that is not the one of its frame).
 * Throws `WrongOption` for an impossible option, or one that contradicts another.
 *
 * ```ts
 * import { byteQueue, lengthPrefixed } from '@sluice/protocol'
 *
 * const out = byteQueue()
 * const frames = lengthPrefixed({ width: 2, magic: Uint8Array.of(0xca, 0xfe) })
 * frames.encode(Buffer.from('hi'), out)
 * const bytes = out.take()
 * console.log(Buffer.from(bytes).toString('hex')) // cafe00026869
 * frames.decoder().push(bytes, (frame) => {
 *   console.log(Buffer.from(frame).toString()) // hi
 *   return true
 * })
 *
 * // PostgreSQL: a letter, then a length that counts itself; the messages are whole frames
 * const messages = lengthPrefixed({ offset: 1, lengthIncludes: 'self', strip: 'none' })
 * messages.decoder().push(Buffer.from('5300000004', 'hex'), (message) => {
 *   console.log(Buffer.from(message).toString('hex')) // 5300000004
 *   return true
 * })
 * ```
 */
export const lengthPrefixed = (options: LengthPrefixedOptions = {}): Protocol<Uint8Array> => {
  const name = expression('lengthPrefixed', options)
  const rules = checked(name, options)
  const { width, little, offset, extra, header, maxFrameBytes } = rules
  const plain = { maxFrameBytes, initial: undefined, step: lengthStep(rules) }
  const kind = rules.magic.length === 0 && rules.trailer.bytes === 0 ? lengthKind(width, little) : null
  const from = keepsHeader(rules) ? 0 : header
  const measure = kind === null ? null : { kind, header, offset, extra, from, maxFrameBytes }
  return {
    name,
    decoder: () => (measure === null ? stepDecoder(plain) : fastLengths(measure, stepDecoder(plain))),
    encode: lengthEncoder(name, rules),
  }
}

const checked = (name: string, options: LengthPrefixedOptions): LengthRules => {
  const defaults = LENGTH_PREFIXED_DEFAULTS
  const width = widthOption(name, 'width', options.width ?? defaults.width, WIDTHS)
  const little = choiceOption(name, 'endian', options.endian, ['big', 'little']) === 'little'
  const strip = choiceOption(name, 'strip', options.strip, ['both', 'header', 'trailer', 'none'])
  const includes = choiceOption(name, 'lengthIncludes', options.lengthIncludes, ['payload', 'rest', 'self', 'frame'])
  const magic = bytesOption(name, 'magic', options.magic)
  const offset = wholeOption(name, 'offset', options.offset, magic.length, { least: magic.length })
  if (offset > magic.length && (strip === 'both' || strip === 'header')) {
    const lost = bytesOf(offset - magic.length)
    throw new WrongOption(name, 'strip', strip, `'trailer' or 'none': ${lost} in front of the length would be lost`)
  }
  const trailer = trailerOption(name, options.trailer, little)
  const header = offset + width
  const least = header + trailer.bytes
  const maxFrameBytes = limitOption(name, options.maxFrameBytes, defaults.maxFrameBytes, least)
  const uncounted = { payload: least, rest: header, self: offset, frame: 0 }[includes]
  const adjustment = wholeOption(name, 'adjustment', options.adjustment, defaults.adjustment, {
    // less, and no length would be enough for a header; more, and none would be within the limit
    least: Math.max(least - uncounted - (256 ** width - 1), Number.MIN_SAFE_INTEGER),
    most: maxFrameBytes - uncounted,
  })
  return { width, little, offset, magic, header, trailer, extra: uncounted + adjustment, strip, maxFrameBytes }
}

const widthOption = (name: string, option: string, width: number, widths: ReadonlyArray<number>): number => {
  if (widths.includes(width)) return width
  throw new WrongOption(name, option, width, `one of ${widths.join(', ')}`)
}

const trailerOption = (name: string, trailer: Trailer | undefined, little: boolean): TrailerRules => {
  if (trailer === undefined) return NO_TRAILER
  if ('bytes' in trailer) return fixedTrailer(bytesOption(name, 'trailer.bytes', trailer.bytes))
  if (typeof trailer.checksum !== 'function') {
    throw new WrongOption(name, 'trailer', trailer, 'bytes, or a checksum with its width')
  }
  widthOption(name, 'trailer.width', trailer.width, CHECKSUM_WIDTHS)
  choiceOption(name, 'trailer.covers', trailer.covers, ['payload', 'frame'])
  return checksumTrailer(trailer, little)
}
