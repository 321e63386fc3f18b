import { WrongOption } from '../errors.ts'
import { digitPrefix, digitValue, mostDigits } from '../internal/digits.ts'
import { bytesOption, choiceOption, expression, limitOption, wholeOption } from '../internal/options.ts'
import { prefixedFraming } from '../internal/prefixed.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'

/** Options of {@link decimalPrefixed}. */
export interface DecimalPrefixedOptions {
  /** 10 (default), or 16: hexadecimal, read in either case and written in small letters. */
  readonly radix?: 10 | 16
  /**
   * How many digits every length has, filled with zeros: 1 to 15, hexadecimal 1 to 13. Default: as many as it
   * needs, and a leading zero is `Malformed`.
   */
  readonly width?: number
  /** What stands between length and payload; nothing only with a `width`. Default `:`. */
  readonly separator?: string
  /** What stands behind the payload. Default `,`. */
  readonly terminator?: string
  /** Whether a length may be zero. `allow` (default), or `refuse`: `Malformed`, and not written. */
  readonly empty?: 'allow' | 'refuse'
  /** The most bytes a whole frame may take on the wire, digits and all. Default 1 MiB. */
  readonly maxFrameBytes?: number
}

/** What {@link decimalPrefixed} does where it is not told otherwise. */
export const DECIMAL_PREFIXED_DEFAULTS = {
  radix: 10,
  separator: ':',
  terminator: ',',
  empty: 'allow',
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies DecimalPrefixedOptions

/**
 * A length in digits, then that many bytes; a netstring unless told otherwise.
 *
 * ```
 *  bytes    2 : a b ,   0 : ,   1 2 : h e l l
 *  emits    'ab'        ''      unread: 12:hell
 * ```
 *
 * | | |
 * |---|---|
 * | netstring | `decimalPrefixed()` |
 * | octet counting of syslog | `decimalPrefixed({ separator: ' ', terminator: '', empty: 'refuse' })` |
 * | four hexadecimal digits | `decimalPrefixed({ radix: 16, width: 4, separator: '', terminator: '' })` |
 *
 * Strict: digits and nothing else, so no sign, no blank, no `1e3`, no leading zero.
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` (at the header) · `Malformed` (a length that is
 * none, or of more than 15 digits, hexadecimal 13; a wrong separator or terminator) · `Truncated` (FIN inside a
 * frame). While encoding, `local`: `TooLong` · `NotEncodable` (a length that does not fit its width).
 * Throws `WrongOption` for an impossible option, or one that contradicts another.
 *
 * ```ts
 * import { byteQueue, decimalPrefixed } from '@sluice/protocol'
 *
 * const out = byteQueue()
 * decimalPrefixed().encode(Buffer.from('hello world!'), out)
 * console.log(Buffer.from(out.take()).toString()) // 12:hello world!,
 *
 * const syslog = decimalPrefixed({ separator: ' ', terminator: '', empty: 'refuse' })
 * const seen: string[] = []
 * syslog.decoder().push(Buffer.from('5 <1>hi6 <2>you'), (message) => {
 *   seen.push(Buffer.from(message).toString())
 *   return true
 * })
 * console.log(seen) // [ '<1>hi', '<2>you' ]
 * ```
 *
 * Source: netstrings, cr.yp.to/proto/netstrings.txt; RFC 6587 section 3.4.1 (octet counting).
 */
export const decimalPrefixed = (options: DecimalPrefixedOptions = {}): Protocol<Uint8Array> => {
  const name = expression('decimalPrefixed', options)
  const defaults = DECIMAL_PREFIXED_DEFAULTS
  const radix = radixOption(name, options.radix ?? defaults.radix)
  const width = options.width === undefined ? 0 : wholeOption(name, 'width', options.width, 0, widths(radix))
  const separator = bytesOption(name, 'separator', options.separator ?? defaults.separator)
  if (separator.length === 0 ? width === 0 : digitValue(separator[0] ?? 0, radix) !== -1) {
    throw new WrongOption(name, 'separator', options.separator, 'something that is no digit, or a width')
  }
  const terminator = bytesOption(name, 'terminator', options.terminator ?? defaults.terminator)
  const empty = choiceOption(name, 'empty', options.empty, ['allow', 'refuse']) === 'allow'
  const least = (width === 0 ? 1 : width) + separator.length + terminator.length + (empty ? 0 : 1)
  return prefixedFraming({
    name,
    prefix: digitPrefix({ radix, width, separator, empty }),
    offset: 0,
    keepsHeader: false,
    terminator,
    maxFrameBytes: limitOption(name, options.maxFrameBytes, defaults.maxFrameBytes, least),
  })
}

const radixOption = (name: string, radix: number): 10 | 16 => {
  if (radix === 10 || radix === 16) return radix
  throw new WrongOption(name, 'radix', radix, '10 or 16')
}

const widths = (radix: 10 | 16) => ({ least: 1, most: mostDigits(radix) })
