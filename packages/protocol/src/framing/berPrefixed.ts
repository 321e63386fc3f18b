import { berPrefix } from '../internal/ber.ts'
import { headerOptions } from '../internal/headerOptions.ts'
import { choiceOption, expression, limitOption, wholeOption } from '../internal/options.ts'
import { prefixedFraming } from '../internal/prefixed.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'

/** Options of {@link berPrefixed}. */
export interface BerPrefixedOptions {
  /** The most bytes of the length, its first one included, 1 to 9. Default 5: what 4 GiB need. */
  readonly maxLengthBytes?: number
  /**
   * Lengths of more bytes than they need (`81 05`, `84 00 00 00 05`). `allow` (default): BER leaves that to the
   * sender, and common LDAP servers do it. `refuse`: `Malformed`, as DER has it. Written are always the shortest.
   */
  readonly nonMinimal?: 'allow' | 'refuse'
  /** Bytes in front of the length, such as the tag of an ASN.1 value. Default 0. More need the header kept. */
  readonly offset?: number
  /** `header` (default): messages are payloads. `none`: messages are whole frames, in both directions. */
  readonly strip?: 'header' | 'none'
  /** The most bytes a whole frame may take on the wire, its header included. Default 1 MiB. */
  readonly maxFrameBytes?: number
}

/** What {@link berPrefixed} does where it is not told otherwise. */
export const BER_PREFIXED_DEFAULTS = {
  maxLengthBytes: 5,
  nonMinimal: 'allow',
  offset: 0,
  strip: 'header',
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies BerPrefixedOptions

/**
 * A length as BER writes it, then that many bytes. Up to 127 it is one byte (short form); else the first byte
 * says how many follow, and those are the length, most significant first (long form).
 *
 * ```
 *  bytes    02 a b   81 c9 …        82 01 2c …
 *  emits    'ab'     201 bytes      300 bytes
 * ```
 *
 * The indefinite form (`80`) has no length and is refused, as is the reserved first byte `ff`.
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` (at the header; lengths from 2^53 on too) ·
 * `Malformed` (the indefinite or reserved form; a length of too many bytes) · `Truncated` (FIN inside a frame).
 * While encoding, `local`: `TooLong` · `NotEncodable` (a length that does not fit; a kept header that is not the
 * one of its frame). Throws `WrongOption` for an impossible option, or one that contradicts another.
 *
 * ```ts
 * import { berPrefixed } from '@sluice/protocol'
 *
 * // LDAP: a tag, then the length; the messages are whole values
 * const values = berPrefixed({ offset: 1, strip: 'none' })
 * const seen: string[] = []
 * values.decoder().push(Buffer.from('3003020101300402023039', 'hex'), (value) => {
 *   seen.push(Buffer.from(value).toString('hex'))
 *   return true
 * })
 * console.log(seen) // [ '3003020101', '300402023039' ]
 * ```
 *
 * Source: ITU-T X.690 section 8.1.3.
 */
export const berPrefixed = (options: BerPrefixedOptions = {}): Protocol<Uint8Array> => {
  const name = expression('berPrefixed', options)
  const defaults = BER_PREFIXED_DEFAULTS
  const widest = wholeOption(name, 'maxLengthBytes', options.maxLengthBytes, defaults.maxLengthBytes, {
    least: 1,
    most: 9,
  })
  const minimal = choiceOption(name, 'nonMinimal', options.nonMinimal, ['allow', 'refuse']) === 'refuse'
  const { offset, keepsHeader } = headerOptions(name, options)
  return prefixedFraming({
    name,
    prefix: berPrefix(widest, minimal),
    offset,
    keepsHeader,
    terminator: new Uint8Array(0),
    maxFrameBytes: limitOption(name, options.maxFrameBytes, defaults.maxFrameBytes, offset + 1),
  })
}
