import * as E from 'fp-ts/lib/Either.js'
import { NO_BYTES, notEncodable } from '../internal/refusal.ts'
import type { Codec } from './codec.ts'
import { brief } from './internal/brief.ts'
import { invalid } from './invalid.ts'

/** Text that says bytes: how it is written, and what is wrong with one that is not written so. */
interface Digits {
  readonly name: string
  readonly encoding: 'hex' | 'base64' | 'base64url'
  /** Where a text is not as `encode` writes it, and what belongs there; or null. */
  readonly fault: (text: string) => { readonly at: number; readonly expected: string } | null
}

const digitsCodec = ({ name, encoding, fault }: Digits): Codec<string, Uint8Array> => ({
  name,
  decode: (text) => {
    if (typeof text !== 'string') return E.left(invalid(name, text, 'a text'))
    const wrong = fault(text)
    if (wrong === null) return E.right(Buffer.from(text, encoding))
    const { at, expected } = wrong
    const got = at < text.length ? brief(text.slice(at, at + 4)) : 'the end'
    return E.left(invalid(name, text, expected, { got, at }))
  },
  encode: (bytes) => {
    if (!(bytes instanceof Uint8Array)) return notEncodable(name, bytes, NO_BYTES)
    return E.right(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding))
  },
})

const firstOther = (text: string, wanted: RegExp): number => {
  const at = text.search(wanted)
  return at === -1 ? text.length : at
}

/**
 * Hexadecimal text ⇄ the bytes it says, two digits each. Read in either case, written in lower.
 *
 * ```
 *  'CAFE' ▶ ca fe          ca fe ▶ 'cafe'          'caf' ▶ Invalid
 * ```
 *
 * ```ts
 * import { hex, lines, through } from '@sluice/protocol'
 *
 * through(hex)(lines()).decoder().push(Buffer.from('CAFE\n'), (bytes) => {
 *   console.log(bytes.length, bytes[0]) // 2 202
 *   return true
 * })
 * ```
 */
export const hex: Codec<string, Uint8Array> = digitsCodec({
  name: 'hex',
  encoding: 'hex',
  fault: (text) => {
    const at = firstOther(text, /[^0-9A-Fa-f]/)
    if (at < text.length) return { at, expected: 'a hexadecimal digit' }
    return text.length % 2 === 0 ? null : { at, expected: 'two digits for each byte' }
  },
})

/**
 * Base64 text ⇄ the bytes it says (RFC 4648 section 4), with padding, and nothing between the characters. Text that
 * another text of the same bytes would be written as (bits behind the last byte that are not zero) is refused, so that
 * nothing can be hidden in it.
 */
export const base64: Codec<string, Uint8Array> = digitsCodec({
  name: 'base64',
  encoding: 'base64',
  fault: (text) => {
    const end = firstOther(text, /[^0-9A-Za-z+/]/)
    const padding = [0, NaN, 2, 1][end % 4] ?? NaN
    if (text.length !== end + padding || !'=='.startsWith(text.slice(end))) {
      return { at: end, expected: 'base64 in groups of four characters' }
    }
    return hidden(text, end, 'base64')
  },
})

/** As {@link base64}, with `-` and `_` for `+` and `/`, and without padding (RFC 4648 section 5). */
export const base64url: Codec<string, Uint8Array> = digitsCodec({
  name: 'base64url',
  encoding: 'base64url',
  fault: (text) => {
    const end = firstOther(text, /[^0-9A-Za-z_-]/)
    if (text.length !== end) return { at: end, expected: 'a character of base64url' }
    return end % 4 === 1
      ? { at: end, expected: 'another character: one is less than a byte' }
      : hidden(text, end, 'base64url')
  },
})

/** The last group has bits behind the last byte, which must be zero. */
const hidden = (text: string, end: number, encoding: 'base64' | 'base64url') => {
  const from = end - (end % 4)
  const again = Buffer.from(text.slice(from), encoding).toString(encoding)
  return again === text.slice(from) ? null : { at: end - 1, expected: 'zero bits behind the last byte' }
}
