import { headerOptions } from '../internal/headerOptions.ts'
import { choiceOption, expression, limitOption, wholeOption } from '../internal/options.ts'
import { prefixedFraming } from '../internal/prefixed.ts'
import { varintPrefix } from '../internal/varint.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'

/** Options of {@link varintPrefixed}. */
export interface VarintPrefixedOptions {
  /**
   * The most bytes of the length, 1 to 8. Default 4: what MQTT allows, and all that 28 bits (256 MiB) need. One more
   * is `Malformed` as soon as it is announced.
   */
  readonly maxLengthBytes?: number
  /**
   * Lengths of more bytes than they need (`80 00` for 0). `refuse` (default): `Malformed`, so that there is one
   * way to write a frame. `allow`: read as what they say; written are always the shortest.
   */
  readonly nonMinimal?: 'refuse' | 'allow'
  /** Bytes in front of the length, such as the packet type of MQTT. Default 0. More need the header kept. */
  readonly offset?: number
  /** `header` (default): messages are payloads. `none`: messages are whole frames, in both directions. */
  readonly strip?: 'header' | 'none'
  /** The most bytes a whole frame may take on the wire, its header included. Default 1 MiB. */
  readonly maxFrameBytes?: number
}

/** What {@link varintPrefixed} does where it is not told otherwise. */
export const VARINT_PREFIXED_DEFAULTS = {
  maxLengthBytes: 4,
  nonMinimal: 'refuse',
  offset: 0,
  strip: 'header',
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies VarintPrefixedOptions

/**
 * A length in seven bits a byte, least significant first, the highest bit set in all but the last (unsigned
 * LEB128, no zig-zag), then that many bytes: the delimited messages of Protocol Buffers.
 *
 * ```
 *  bytes    02 a b   00   ac 02 …        ac 02 is 0x2c + 2 * 128 = 300
 *  emits    'ab'     ''   300 bytes
 * ```
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` (at the header) · `Malformed` (a length of
 * too many bytes, or of more than it needs) · `Truncated` (FIN inside a frame). While encoding, `local`: `TooLong` ·
 * `NotEncodable` (a length that does not fit; a kept header that is not the one of its frame).
 * Throws `WrongOption` for an impossible option, or one that contradicts another.
 *
 * ```ts
 * import { byteQueue, varintPrefixed } from '@sluice/protocol'
 *
 * const out = byteQueue()
 * varintPrefixed().encode(new Uint8Array(300), out)
 * console.log(Buffer.from(out.take().subarray(0, 2)).toString('hex')) // ac02
 *
 * // MQTT: a byte of type and flags, then the length; the messages are whole packets
 * const packets = varintPrefixed({ offset: 1, strip: 'none', maxFrameBytes: 65_536 })
 * packets.decoder().push(Uint8Array.of(0xc0, 0, 0xd0, 0), (packet) => {
 *   console.log(Buffer.from(packet).toString('hex')) // c000
 *   return false
 * })
 * ```
 *
 * Source: MQTT 5.0 section 1.5.5 (variable byte integer); DWARF 5 section 7.6 (LEB128).
 */
export const varintPrefixed = (options: VarintPrefixedOptions = {}): Protocol<Uint8Array> => {
  const name = expression('varintPrefixed', options)
  const defaults = VARINT_PREFIXED_DEFAULTS
  const widest = wholeOption(name, 'maxLengthBytes', options.maxLengthBytes, defaults.maxLengthBytes, {
    least: 1,
    most: 8,
  })
  const minimal = choiceOption(name, 'nonMinimal', options.nonMinimal, ['refuse', 'allow']) === 'refuse'
  const { offset, keepsHeader } = headerOptions(name, options)
  return prefixedFraming({
    name,
    prefix: varintPrefix(widest, minimal),
    offset,
    keepsHeader,
    terminator: new Uint8Array(0),
    maxFrameBytes: limitOption(name, options.maxFrameBytes, defaults.maxFrameBytes, offset + 1),
  })
}
