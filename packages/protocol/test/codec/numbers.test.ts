import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Binary } from '../../src/index.ts'
import { WrongOption, binary } from '../../src/index.ts'
import { forced, reads, writes } from './support.ts'

const { bits, bool, enumerated, flags, u16, u16le, u24, u32, u64, u8, varint, zigzag } = binary

/** Each with what a `DataView` reads there. */
const PLAIN: Readonly<Record<string, (view: DataView) => number | bigint>> = {
  u8: (v) => v.getUint8(0),
  u16: (v) => v.getUint16(0),
  u16le: (v) => v.getUint16(0, true),
  u24: (v) => v.getUint32(0) >>> 8,
  u24le: (v) => v.getUint32(0, true) & 0xffffff,
  u32: (v) => v.getUint32(0),
  u32le: (v) => v.getUint32(0, true),
  u64: (v) => v.getBigUint64(0),
  u64le: (v) => v.getBigUint64(0, true),
  i8: (v) => v.getInt8(0),
  i16: (v) => v.getInt16(0),
  i16le: (v) => v.getInt16(0, true),
  i24: (v) => v.getInt32(0) >> 8,
  i24le: (v) => (v.getInt32(0, true) << 8) >> 8,
  i32: (v) => v.getInt32(0),
  i32le: (v) => v.getInt32(0, true),
  i64: (v) => v.getBigInt64(0),
  i64le: (v) => v.getBigInt64(0, true),
  f32: (v) => v.getFloat32(0),
  f32le: (v) => v.getFloat32(0, true),
  f64: (v) => v.getFloat64(0),
  f64le: (v) => v.getFloat64(0, true),
}
const numbers = Object.entries(PLAIN).map(
  ([name, plain]) => [name, binary[name as 'u8'] as Binary<number | bigint>, plain] as const,
)

describe.each(numbers)('%s', (_name, codec, plain) => {
  const size = codec.minBytes

  it('reads what a DataView reads, wherever the bytes lie, and writes them [R15]', () => {
    const eight = fc.uint8Array({ minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(eight, fc.nat({ max: 4 }), (all, offset) => {
        const memory = new Uint8Array(16)
        memory.set(all, offset)
        const bytes = memory.subarray(offset, offset + size)
        const value = plain(new DataView(all.buffer, all.byteOffset))
        const result = codec.decode(bytes)
        expect(result).toEqual({ _tag: 'Right', right: value })
        if (!Number.isNaN(value)) expect(writes(codec, value)).toBe(Buffer.from(bytes).toString('hex'))
      }),
    )
  })

  it('says which bytes it has too few or too many of [R19]', () => {
    expect(reads(codec, '00'.repeat(size - 1))).toEqual([
      `expected ${String(size)} byte${size === 1 ? '' : 's'}, got ${String(size - 1)} at 0`,
    ])
    expect(reads(codec, '00'.repeat(size + 2))).toEqual([`expected the end, got 2 bytes more at ${String(size)}`])
  })

  it('writes nothing but what fits [R15]', () => {
    for (const wrong of ['1', undefined, null, {}, true]) expect(writes(codec, forced(wrong))).toMatch(/^expected/)
    const { layout } = codec
    if (layout._tag !== 'Integer') return
    const { least, most } = layout
    const beyond =
      typeof least === 'bigint' || typeof most === 'bigint'
        ? [BigInt(least) - 1n, BigInt(most) + 1n, 1]
        : [least - 1, most + 1, 0.5, NaN, Infinity, 1n]
    for (const wrong of beyond) expect(writes(codec, wrong)).toMatch(/^expected a whole number from/)
    for (const border of [layout.least, layout.most]) expect(codec.encode(border)._tag).toBe('Right')
  })
})

describe('f32', () => {
  it('rounds, and refuses what it can only call infinite [R15]', () => {
    expect(reads(binary.f32, writes(binary.f32, 0.1))).toBe(Math.fround(0.1))
    expect(writes(binary.f32, 1e300)).toMatch(/four bytes hold/)
    expect(reads(binary.f32, writes(binary.f32, -Infinity))).toBe(-Infinity)
  })
})

describe('varint and zigzag', () => {
  it.each([
    [varint, 0, '00'],
    [varint, 127, '7f'],
    [varint, 128, '8001'],
    [varint, 300, 'ac02'],
    [varint, 2 ** 32, '8080808010'],
    [varint, Number.MAX_SAFE_INTEGER, 'ffffffffffffff0f'],
    [zigzag, 0, '00'],
    [zigzag, -1, '01'],
    [zigzag, 1, '02'],
    [zigzag, -65, '8101'],
    [zigzag, 2 ** 52 - 1, 'feffffffffffff0f'],
    [zigzag, -(2 ** 52), 'ffffffffffffff0f'],
  ] as const)('%# write %3$s for %2$d, and read it [R15]', (codec, value, digits) => {
    expect(writes(codec, value)).toBe(digits)
    expect(reads(codec, digits)).toBe(value)
  })

  it.each([
    ['', 'expected 1 byte, got 0 at 0'],
    ['80', 'expected 1 byte, got 0 at 1'],
    ['8000', 'expected a number in as few bytes as it needs, got one more at 1'],
    ['ffffffffffffff10', 'expected a number up to 2^53 - 1, got more at 7'],
    ['ffffffffffffffff01', 'expected a number of 8 bytes at most, got more at 7'],
  ])('refuse %j [R18][R19]', (digits, line) => {
    expect(reads(varint, digits)).toEqual([line])
    expect(reads(zigzag, digits)).toEqual([line])
  })

  it('refuse what they do not hold [R15]', () => {
    for (const wrong of [-1, 0.5, 2 ** 53, NaN]) expect(writes(varint, wrong)).toMatch(/^expected a whole number/)
    for (const wrong of [2 ** 52, -(2 ** 52) - 1]) expect(writes(zigzag, wrong)).toMatch(/^expected a whole number/)
  })

  it('are at the borders of the memory they are written to as anywhere [R15]', () => {
    const pair = binary.list(u16, varint)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 300, maxLength: 600 }), (all) => {
        const kept = pair.encode(all)
        const another = pair.encode([...all].reverse())
        expect(kept._tag === 'Right' && pair.decode(kept.right)).toEqual({ _tag: 'Right', right: all })
        expect(another._tag === 'Right' && pair.decode(another.right)).toEqual({ _tag: 'Right', right: all.reverse() })
      }),
    )
  })
})

describe('bool, flags, bits and enumerated', () => {
  it('read and write the bits that are named [R15]', () => {
    expect([reads(bool, '01'), reads(bool, '00'), writes(bool, true)]).toEqual([true, false, '01'])
    const tcp = flags(u16le, { fin: 0, ns: 8, top: 15 })
    expect(reads(tcp, '0181')).toEqual({ fin: true, ns: true, top: true })
    expect(writes(tcp, { fin: false, ns: true, top: true })).toBe('0081')
    const ip = bits(u32, { version: 4, words: 4, kind: 8, length: 16 })
    expect(reads(ip, 'f5100234')).toEqual({ version: 15, words: 5, kind: 16, length: 0x234 })
    expect(writes(ip, { version: 15, words: 5, kind: 16, length: 0x234 })).toBe('f5100234')
    expect(reads(bits(u32, { all: 32 }), 'ffffffff')).toEqual({ all: 2 ** 32 - 1 })
    expect(reads(flags(u32, { last: 31 }), '80000000')).toEqual({ last: true })
  })

  it('say which byte is wrong, and which bit [R19]', () => {
    expect(reads(bool, '07')).toEqual(['expected 0 or 1, got 7 at 0'])
    expect(reads(flags(u8, { a: 0 }), '09')).toEqual(['expected only bits that have a name, got another at 0, bit 3'])
    expect(reads(flags(u32, { a: 0 }), '80000001')).toMatchObject([expect.stringContaining('bit 31')])
    expect(reads(flags(u8, { a: 0 }, { unknown: 'ignore' }), '09')).toEqual({ a: true })
    expect(reads(enumerated(u8, { on: 1, off: 0 }), '02')).toEqual(['expected one of on, off, got 2 at 0'])
    expect(writes(flags(u8, { a: 0 }), forced({ a: 1 }))).toBe('a: expected true or false, got 1')
    expect(writes(flags(u8, { a: 0 }), forced(undefined))).toBe('a: expected true or false, got undefined')
    expect(writes(bits(u8, { a: 3, b: 5 }), { a: 8, b: 0 })).toBe('a: expected a whole number from 0 to 7, got 8')
    expect(writes(enumerated(u8, { on: 1 }), forced('off'))).toBe('expected one of on, got "off"')
    expect(writes(enumerated(u8, { on: 1 }), forced('toString'))).toMatch(/^expected one of on/)
    expect(writes(bool, forced(1))).toBe('expected true or false, got 1')
  })

  it.each([
    ['a bit too far', () => flags(u8, { a: 8 })],
    ['half a bit', () => flags(u8, { a: 0.5 })],
    ['a signed number', () => flags(binary.i8, { a: 0 })],
    ['a bigint', () => flags(forced(u64), { a: 0 })],
    ['an unknown word', () => flags(u8, { a: 0 }, { unknown: forced('drop') })],
    ['widths too few', () => bits(u8, { a: 7 })],
    ['widths too many', () => bits(u24, { a: 24, b: 1 })],
    ['a width of nothing', () => bits(u8, { a: 0, b: 8 })],
    ['a name that would move', () => bits(u8, { b: 4, 1: 4 })],
    ['a name that is a setter', () => flags(u8, JSON.parse('{"__proto__":1}') as Record<string, number>)],
    ['a number too large', () => enumerated(u8, { a: 256 })],
    ['two names of one number', () => enumerated(u8, { a: 1, b: 1 })],
    ['no names', () => enumerated(u8, {})],
    ['no codec', () => flags(forced('u8'), { a: 1 })],
  ])('refuse %s at construction', (_what, build) => {
    expect(build).toThrow(WrongOption)
  })

  it('answer to any bytes [R18]', () => {
    fc.assert(
      fc.property(hostileBytes(6), (bytes) => {
        for (const codec of [bool, flags(u24, { a: 3 }), bits(u16, { a: 1, b: 15 }), enumerated(u16, { a: 1 })]) {
          expect(codec.decode(bytes)._tag).toMatch(/Left|Right/)
        }
      }),
    )
  })
})
