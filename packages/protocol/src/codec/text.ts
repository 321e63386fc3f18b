import { isAscii, isUtf8 } from 'node:buffer'
import * as E from 'fp-ts/lib/Either.js'
import { notEncodable } from '../internal/refusal.ts'
import type { Codec } from './codec.ts'
import { brief } from './internal/brief.ts'
import { firstInvalidUtf8, hexByte } from './internal/utf8.ts'
import { invalid } from './invalid.ts'

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/** What kind of text, in which bytes are refused, and which characters. */
interface Text {
  readonly name: string
  readonly called: string
  readonly encoding: 'utf8' | 'latin1'
  readonly valid: (bytes: Uint8Array) => boolean
  /** The first byte that is none; asked only where there is one. */
  readonly firstInvalid: (bytes: Uint8Array) => number
  /** What of a text cannot be written, or null. */
  readonly unwritable: (text: string) => string | null
}

const textCodec = ({ name, called, encoding, valid, firstInvalid, unwritable }: Text): Codec<Uint8Array, string> => ({
  name,
  decode: (bytes) => {
    if (!(bytes instanceof Uint8Array)) return E.left(invalid(name, bytes, 'bytes'))
    if (valid(bytes)) return E.right(buffer(bytes).toString(encoding))
    const at = firstInvalid(bytes)
    return E.left(invalid(name, bytes, called, { got: hexByte(bytes[at]), at }))
  },
  encode: (text) => {
    const wrong = typeof text === 'string' ? unwritable(text) : `expected a text, got ${brief(text)}`
    return wrong === null ? E.right(Buffer.from(text, encoding)) : notEncodable(name, text, wrong)
  },
})

const charactersUpTo =
  (highest: number, encoding: string) =>
  (text: string): string | null => {
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) > highest) return `a character that ${encoding} has not, at ${String(i)}`
    }
    return null
  }

/**
 * Bytes ⇄ text in UTF-8, strictly: what is no UTF-8 is `Invalid` at its first wrong byte, and a lone surrogate is
 * `NotEncodable`. Nothing is replaced, and a byte order mark is a character like any other.
 *
 * ```
 *  68 c3 a9   ⇄   'hé'          68 ff   ▶   Invalid: expected UTF-8, got 0xff at 1
 * ```
 *
 * ```ts
 * import { utf8 } from '@sluice/protocol'
 *
 * console.log(utf8.decode(Uint8Array.of(0x68, 0xc3, 0xa9))) // { _tag: 'Right', right: 'hé' }
 * const broken = utf8.decode(Uint8Array.of(0x68, 0xff))
 * console.log(broken._tag === 'Left' ? broken.left.message : '') // the frame at offset 0 is no utf8: expected UTF-8, got 0xff at 1
 * ```
 */
export const utf8: Codec<Uint8Array, string> = textCodec({
  name: 'utf8',
  called: 'UTF-8',
  encoding: 'utf8',
  valid: isUtf8,
  firstInvalid: firstInvalidUtf8,
  unwritable: (text) => (text.isWellFormed() ? null : 'a lone surrogate, which UTF-8 has not'),
})

/** Bytes ⇄ text in ISO 8859-1: each byte is the character of its number. A character above U+00FF is `NotEncodable`. */
export const latin1: Codec<Uint8Array, string> = textCodec({
  name: 'latin1',
  called: 'latin1',
  encoding: 'latin1',
  valid: () => true,
  firstInvalid: () => 0,
  unwritable: charactersUpTo(0xff, 'latin1'),
})

/** Bytes ⇄ text in ASCII. A byte from 0x80 on is `Invalid`, a character from U+0080 on `NotEncodable`. */
export const ascii: Codec<Uint8Array, string> = textCodec({
  name: 'ascii',
  called: 'ASCII',
  encoding: 'latin1',
  valid: isAscii,
  firstInvalid: (bytes) => bytes.findIndex((byte) => byte > 0x7f),
  unwritable: charactersUpTo(0x7f, 'ASCII'),
})
