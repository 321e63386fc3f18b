import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { AnyBinary, EncodeError } from '../../src/index.ts'
import {
  Invalid,
  ascii,
  base64,
  base64url,
  binary,
  hex,
  issueLine,
  json,
  latin1,
  utf8 as text,
} from '../../src/index.ts'
import { forced, reads, writes } from './support.ts'

const { bits, bool, bytes, checksum, constant, cstring, enumerated, f32, f64, field, flags, i64, lazy, list } = binary
const { listUntil, optional, padding, rest, sized, struct, tuple, u16, u24, u32, u64, u8, utf8, variant, varint } =
  binary

/** What is wrong with what is to be read. */
const unread = (codec: { readonly decode: (wire: never) => Either<Invalid, unknown> }, wire: unknown): string => {
  const result = codec.decode(forced(wire))
  return isLeft(result) ? result.left.issues.map(issueLine).join('; ') : 'nothing'
}

/** What is wrong with what is to be sent. */
const unsent = (codec: { readonly encode: (value: never) => Either<EncodeError, unknown> }, value: unknown): string => {
  const result = codec.encode(forced(value))
  return isLeft(result) && result.left._tag === 'NotEncodable' ? result.left.what : 'nothing'
}

describe('an error', () => {
  it.each<[unknown, string]>([
    ['x'.repeat(40), `"${'x'.repeat(40)}"`],
    ['x'.repeat(41), `"${'x'.repeat(40)}"…`],
    [-0, '-0'],
    [10n ** 39n, `1${'0'.repeat(39)}n`],
    [10n ** 40n, `1${'0'.repeat(39)}…n`],
    [Symbol('a'), 'a symbol'],
    [() => 1, 'a function'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[1, 2], 'an array of 2'],
    [new Uint8Array(1), '1 byte'],
    [new Uint8Array(2), '2 bytes'],
    [new Date(0), 'a Date'],
    [{}, 'an object'],
  ])('shows %o briefly', (value, shown) => {
    expect(writes(bool, forced(value))).toBe(`expected true or false, got ${shown}`)
  })

  it.each<[string, string]>([
    [writes(f32, forced('1')), 'expected a number, got "1"'],
    [writes(f32, 1e300), 'expected a number that four bytes hold, got 1e+300'],
    [writes(f64, forced(null)), 'expected a number, got null'],
    [writes(u8, 256), 'expected a whole number from 0 to 255, got 256'],
    [writes(u64, forced(1)), 'expected a whole number from 0 to 18446744073709551615 as a bigint, got 1'],
    [
      writes(i64, forced(1)),
      'expected a whole number from -9223372036854775808 to 9223372036854775807 as a bigint, got 1',
    ],
    [writes(varint, -1), 'expected a whole number from 0 to 9007199254740991, got -1'],
    [
      writes(binary.zigzag, 2 ** 52),
      'expected a whole number from -4503599627370496 to 4503599627370495, got 4503599627370496',
    ],
    [writes(bytes(u8), forced('x')), 'expected bytes, got "x"'],
    [writes(utf8(u8), forced(1)), 'expected a text, got 1'],
    [writes(utf8(u8), 'a\udc00'), 'expected well-formed Unicode, got a lone surrogate at character 1'],
    [writes(cstring, 'a\0b'), 'expected no byte of zero, got "a\\u0000b"'],
    [writes(list(u8, u8), forced('x')), 'expected an array, got "x"'],
    [writes(listUntil('\0', u8), forced('x')), 'expected an array, got "x"'],
    [
      writes(listUntil('\0', u8), [1, 0]),
      '[1]: expected an item that does not begin as the end of the list does, got one that does',
    ],
  ])('of what cannot be written is %s', (said, expected) => {
    expect(said).toBe(expected)
  })

  it.each<[string, number]>([
    ['\ud800', 0],
    ['\udc00', 0],
    ['\udc00\udc00', 0],
    ['a\udbff', 1],
    ['\u{10000}\u{10ffff}\udfff', 4],
    ['\u{1f600}\ud83d', 2],
    ['\ud800\ud800\udc00', 0],
    ['\ud800\ue000', 0],
    ['\ud7ff\ue000\udbffa', 2],
  ])('of half a character in %j says where it is', (half, at) => {
    expect(writes(utf8(u8), half)).toBe(`expected well-formed Unicode, got a lone surrogate at character ${String(at)}`)
  })

  it('of bits says which do not fit, and which have no name [R19]', () => {
    const both = bits(u8, { a: 3, b: 5 })
    for (const [wrong, got] of [
      [8, '8'],
      [-1, '-1'],
      [0.5, '0.5'],
      [NaN, 'NaN'],
      ['1', '"1"'],
      [1n, '1n'],
    ] as const) {
      const line = `a: expected a whole number from 0 to 7, got ${got}`
      expect(writes(both, forced({ a: wrong, b: 0 }))).toBe(line)
    }
    expect([writes(both, { a: 0, b: 0 }), writes(both, { a: 7, b: 31 })]).toEqual(['00', 'ff'])
    expect(reads(flags(u8, { a: 0 }), '0d')).toEqual(['expected only bits that have a name, got another at 0, bit 2'])
  })

  it('of an item without a byte says which it is, both ways [R18]', () => {
    const nothing = optional(field('n'), u8)
    const empty = 'all[0]: expected an item of a byte at least, got one of none'
    for (const all of [list(rest, nothing), listUntil('x', nothing)]) {
      const codec = struct({ n: bool, all })
      expect(reads(codec, '00 01')).toEqual([`${empty} at 1`])
      expect(writes(codec, { n: false, all: [undefined] })).toBe(empty)
    }
    expect(writes(struct({ n: bool, all: list(u8, nothing) }), { n: false, all: [undefined] })).toBe(
      'all: expected no more items than bytes, got 1 items',
    )
  })

  it.each<[string, string]>([
    [unread(ascii, 'x'), 'expected bytes, got "x"'],
    [unread(hex, 1), 'expected a text, got 1'],
    [unread(hex, 'cafxyz12'), 'expected a hexadecimal digit, got "xyz1" at 3'],
    [unread(hex, 'caf'), 'expected two digits for each byte, got the end at 3'],
    [unread(base64, 'QQ'), 'expected base64 in groups of four characters, got the end at 2'],
    [unread(base64url, 'QR'), 'expected zero bits behind the last byte, got "R" at 1'],
    [unread(json(), 1), 'expected a text, got 1'],
    [unread(json(), ''), 'expected a value, got an empty text at 0'],
    [
      unread(json(), `["${'a'.repeat(13)}"?${'b'.repeat(15)}`),
      `expected , or ], got ["${'a'.repeat(13)}"▶?${'b'.repeat(15)} at 16`,
    ],
    [
      unread(json(), `["${'a'.repeat(14)}"?${'b'.repeat(16)}`),
      `expected , or ], got …"${'a'.repeat(14)}"▶?${'b'.repeat(15)}… at 17`,
    ],
    [unsent(text, 1), 'expected a text, got 1'],
    [unsent(text, 'a\ud800'), 'a lone surrogate, which UTF-8 has not'],
    [unsent(latin1, null), 'expected a text, got null'],
    [unsent(latin1, '\u0100'), 'a character that latin1 has not, at 0'],
    [unsent(latin1, '\xff'), 'nothing'],
    [unsent(ascii, 'a\x80'), 'a character that ASCII has not, at 1'],
    [unsent(ascii, '\x7f'), 'nothing'],
    [unsent(hex, 'x'), 'a value that is no Uint8Array'],
    [unsent(json(), Symbol('x')), 'JSON has no word for a symbol'],
    [
      unsent(json(), JSON.parse('{"__proto__":1}')),
      '__proto__: expected no key that changes a prototype, got "__proto__"',
    ],
  ])('of a text is %s', (said, expected) => {
    expect(said).toBe(expected)
  })

  it('keeps sixteen issues in its message, a line each, and counts the others [R19]', () => {
    const issues = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ path: ['a', i], expected: 'b', got: 'c\r\n d', at: 3, bit: 2 }))
    const one = new Invalid({ codec: 'x', issues: issues(1), frame: 1 })
    expect(one.message).toBe('the frame at offset 0 is no x: a[0]: expected b, got c d at 3, bit 2')
    expect(one).toMatchObject({ name: 'Invalid', more: 0, fault: 'remote', offset: 0 })
    const sixteen = new Invalid({ codec: 'x', issues: issues(16), frame: 1, offset: 7 }).message.split('\n')
    expect(sixteen).toHaveLength(17)
    expect(sixteen.slice(0, 2)).toEqual(['the frame at offset 7 is no x:', '  a[0]: expected b, got c d at 3, bit 2'])
    const more = new Invalid({ codec: 'x', issues: issues(17), more: 2, frame: 1 })
    expect([more.issues.length, more.more, more.message.split('\n').at(-1)]).toEqual([16, 3, '  and 3 more'])
  })
})

describe('the least and the most bytes of a codec', () => {
  it.each<[AnyBinary, string, number, number]>([
    [u8, 'u8', 1, 1],
    [bool, 'bool', 1, 1],
    [varint, 'varint', 1, 8],
    [flags(u16, { a: 0 }), 'flags(u16, { a: 0 })', 2, 2],
    [bits(u16, { a: 16 }), 'bits(u16, { a: 16 })', 2, 2],
    [enumerated(u24, { a: 1 }), 'enumerated(u24, { a: 1 })', 3, 3],
    [bytes(3), 'bytes(3)', 3, 3],
    [bytes(u8), 'bytes(u8)', 1, Infinity],
    [bytes(rest), 'bytes(rest)', 0, Infinity],
    [utf8(3), 'utf8(3)', 3, 3],
    [utf8(u16), 'utf8(u16)', 2, Infinity],
    [cstring, 'cstring', 1, Infinity],
    [constant('abc'), 'constant(61 62 63)', 3, 3],
    [padding(2), 'padding(2)', 2, 2],
    [list(3, u16), 'list(3, u16)', 6, 6],
    [list(2, varint), 'list(2, varint)', 2, 16],
    [list(0, varint), 'list(0, varint)', 0, 0],
    [list(u8, u16), 'list(u8, u16)', 1, Infinity],
    [list(rest, u8), 'list(rest, u8)', 0, Infinity],
    [listUntil('ab', u8), 'listUntil(61 62, u8)', 2, Infinity],
    [tuple(u8, varint), 'tuple(u8, varint)', 2, 9],
    [sized(4, utf8(rest)), 'sized(4, utf8(rest))', 4, 4],
    [sized(u8, utf8(rest)), 'sized(u8, utf8(rest))', 1, Infinity],
    [sized(u8, u16), 'sized(u8, u16)', 3, 3],
    [optional(bool, u32), 'optional(bool, u32)', 1, 5],
    [optional(field('n'), u8), "optional(field('n'), u8)", 0, 1],
    [
      variant(u8, { a: [1, struct({ x: u8 })], b: [2, struct({ y: u32 })] }),
      'variant(u8, { a: [1, struct({ x: u8 })], b: [2, struct({ y: u32 })] })',
      2,
      5,
    ],
    [checksum(u16, () => 0, u32), 'checksum(u16, …, u32)', 6, 6],
    [lazy(() => u8), 'lazy(…)', 0, Infinity],
    [struct({ a: u8, b: varint }), 'struct({ a: u8, b: varint })', 2, 9],
  ])('$1 has $2 and $3', (codec, name, least, most) => {
    expect([codec.name, codec.minBytes, codec.maxBytes]).toEqual([name, least, most])
  })
})
