import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import type { Binary } from '../../src/index.ts'
import { WrongOption, binary } from '../../src/index.ts'
import { hex } from '../wire.ts'
import { forced, reads, writes } from './support.ts'

const { bool, bytes, constant, field, flags, lazy, list, optional, padding, rest } = binary
const { sized, struct, u16, u32, u64, u8, utf8, variant, varint, withContext } = binary

describe('struct()', () => {
  const header = struct({ magic: constant('HI'), kind: u8, pad: padding(1), flags: flags(u8, { a: 0 }), size: u16 })

  it('reads its fields in order, without those that have no value [R15]', () => {
    const value = { kind: 1, flags: { a: true }, size: 515 }
    expect(reads(header, '4849 01 00 01 0203')).toEqual(value)
    expect(Object.keys(reads(header, '4849 01 00 01 0203'))).toEqual(['kind', 'flags', 'size'])
    expect(writes(header, value)).toBe('48490100010203')
    expect([header.minBytes, header.maxBytes]).toEqual([7, 7])
    expect([reads(struct({}), ''), writes(struct({}), {})]).toEqual([{}, ''])
  })

  it('says which field is wrong, where, in which bit, and what it needed [R19]', () => {
    expect(reads(header, '4850 01 00 01 0203')).toEqual(['magic: expected 0x49, got 0x50 at 1'])
    expect(reads(header, '4849 01 07 01 0203')).toEqual(['pad: expected 0x00, got 0x07 at 3'])
    expect(reads(header, '4849 01 00 04 0203')).toEqual([
      'flags: expected only bits that have a name, got another at 4, bit 2',
    ])
    expect(reads(header, '4849 01 00 01 02')).toEqual(['size: expected 2 bytes, got 1 at 5'])
    expect(reads(struct({ a: u8, in: struct({ b: u8, c: u32 }) }), '0102 00')).toEqual([
      'in.c: expected 4 bytes, got 1 at 2',
    ])
    expect(writes(header, forced({ kind: 256, flags: { a: true }, size: 1 }))).toMatch(/^kind: .* got 256$/)
    expect(writes(header, forced({ kind: 1, flags: {}, size: 1 }))).toBe(
      'flags.a: expected true or false, got undefined',
    )
    expect(writes(header, forced(null))).toBe('expected an object, got null')
  })

  it('blames the first of several, not those behind it [R19]', () => {
    const both = struct({ a: bool, in: struct({ b: u8, c: bool }), d: pipe(bool, withContext('named')) })
    expect(reads(both, '07 01 07 07')).toEqual(['a: expected 0 or 1, got 7 at 0'])
    expect(reads(both, '01 01 07 07')).toEqual(['in.c: expected 0 or 1, got 7 at 2'])
    expect(reads(both, '01 01 01 07')).toEqual(['d.named: expected 0 or 1, got 7 at 3'])
    expect(writes(both, forced({ a: 1, in: {}, d: 1 }))).toMatch(/^a: /)
  })

  it('does the same once it is used often, and however many others are [R15]', () => {
    const all = Array.from({ length: 100 }, (_, i) =>
      struct({ [`a${String(i)}`]: u8, b: bool, c: u16, d: u8, e: bool }),
    )
    all.forEach((one, i) => {
      const value = { [`a${String(i)}`]: i, b: true, c: 515, d: 4, e: false }
      for (let times = 0; times < 120; times++) {
        expect(reads(one, `${i.toString(16).padStart(2, '0')} 01 0203 04 00`)).toEqual(value)
        expect(reads(one, '00 01 0203 04 09')).toEqual(['e: expected 0 or 1, got 9 at 5'])
        expect(writes(one, forced(value))).toBe(`${i.toString(16).padStart(2, '0')}0102030400`)
        expect(writes(one, forced({ ...value, d: -1 }))).toMatch(/^d: /)
      }
    })
  })

  it.each([
    ['a name that would move', () => struct({ a: u8, 7: u8 })],
    ['a name that is a setter', () => struct(JSON.parse('{"__proto__":1}') as Record<string, Binary<number>>)],
    ['what is no codec', () => struct({ a: forced(1) })],
    ['a reference to a later field', () => struct({ items: list(field('n'), u8), n: u8 })],
    ['a reference to itself', () => struct({ n: bytes(field('n')) })],
    ['a reference to a constant', () => struct({ n: constant('n'), b: bytes(field('n')) })],
    ['what varies behind what takes the rest', () => struct({ all: bytes(rest), last: varint })],
  ])('refuses %s at construction', (_what, build) => {
    expect(build).toThrow(WrongOption)
  })
})

describe('fields that depend on others', () => {
  it('count, size, flag and tag what comes later, at any distance [R15]', () => {
    const packet = struct({
      head: struct({ flags: flags(u8, { signed: 0 }), kind: u8, count: u8 }),
      total: u8,
      body: sized(field('total', { less: 1 }), struct({ items: list(field('head.count'), u8), name: utf8(rest) })),
      signature: optional(field('head.flags.signed'), bytes(2)),
      extra: variant(field('head.kind'), { none: [0, struct({})], one: [1, struct({ one: u8 })] }),
    })
    const value = {
      head: { flags: { signed: true }, kind: 1, count: 2 },
      total: 5,
      body: { items: [7, 8], name: 'hi' },
      signature: hex('cafe'),
      extra: { _tag: 'one' as const, one: 9 },
    }
    expect(writes(packet, value)).toBe('0101020507086869cafe09')
    expect(reads(packet, '010102 05 0708 6869 cafe 09')).toEqual(value)
    expect(writes(packet, { ...value, total: 6 })).toBe("body: expected 5, as field 'total' says, got 4")
    expect(writes(packet, { ...value, signature: undefined })).toBe(
      "signature: expected true, as field 'head.flags.signed' says, got false",
    )
    expect(writes(packet, { ...value, extra: { _tag: 'none' } })).toBe(
      "extra: expected 1, as field 'head.kind' says, got 0",
    )
    expect(reads(packet, '010902 05 0708 6869 cafe 09')).toEqual([
      'extra: expected one of 0 (none), 1 (one), got 9 at 10',
    ])
  })

  it('take the nearest field of that name', () => {
    const nearest = struct({ n: u8, in: struct({ n: u8, a: bytes(field('n')) }), b: bytes(field('n')) })
    expect(reads(nearest, '01 02 aabb cc')).toEqual({ n: 1, in: { n: 2, a: hex('aabb') }, b: hex('cc') })
  })

  it('count with a bigint too, and refuse what cannot count [R18]', () => {
    const long = struct({ n: u64, all: bytes(field('n')) })
    expect(reads(long, '0000000000000001 aa')).toEqual({ n: 1n, all: hex('aa') })
    expect(reads(long, 'ffffffffffffffff aa')).toMatchObject([expect.stringContaining("in field 'n'")])
    expect(writes(bytes(u64), hex('aa'))).toBe('0000000000000001aa')
    expect(reads(bytes(u64), 'ffffffffffffffff')).toEqual([
      'expected how many there are, got 18446744073709551615n at 0',
    ])
    const negative = struct({ n: u8, all: bytes(field('n', { less: 2 })) })
    expect(reads(negative, '01')).toMatchObject([
      expect.stringMatching(/^all: expected how many there are in field 'n'/),
    ])
    expect(writes(struct({ n: utf8(u8), all: bytes(field('n')) }), { n: 'x', all: hex('') })).toMatch(/in field 'n'/)
  })

  it('are errors where nothing around them has the field, or says it in another way [R19]', () => {
    expect(reads(bytes(field('n')), '')).toEqual(["expected how many there are in field 'n', got undefined at 0"])
    expect(writes(bytes(field('n')), hex(''))).toBe("expected how many there are in field 'n', got undefined")
    const odd = struct({ f: u8, it: optional(field('f'), u8) })
    expect(reads(odd, '01 02')).toEqual(['it: expected a flag, true or false, got 1 at 1'])
    // what is lazy is closed: what it depends on is inside
    const closed = struct({ n: u8, in: lazy(() => bytes(field('n'))) })
    expect(reads(closed, '01 02')).toMatchObject([expect.stringContaining("in field 'n'")])
  })
})

describe('lazy()', () => {
  interface Tree {
    readonly value: number
    readonly children: ReadonlyArray<Tree>
  }
  const tree: Binary<Tree> = struct({
    value: u8,
    children: list(
      u8,
      lazy(() => tree, { maxDepth: 3 }),
    ),
  })
  const deep = (levels: number): Tree => ({ value: levels, children: levels === 0 ? [] : [deep(levels - 1)] })

  it('reads what contains its own kind, as deep as it may be, both ways [R16]', () => {
    expect(reads(tree, '0301 0201 0101 0000')).toEqual(deep(3))
    expect(writes(tree, deep(3))).toBe('0301020101010000'.slice(0, 16))
    expect(writes(tree, deep(4))).toBe(
      'children[0].children[0].children[0].children[0]: expected at most 3 levels, got more',
    )
    expect(reads(tree, '0401 0301 0201 0101 0000')).toEqual([
      'children[0].children[0].children[0].children[0]: expected at most 3 levels, got more at 8',
    ])
  })

  it('ends a cycle', () => {
    const cycle: { value: number; children: Tree[] } = { value: 1, children: [] }
    cycle.children.push(cycle)
    expect(writes(tree, cycle)).toMatch(/at most 3 levels/)
    for (const maxDepth of [0, 129, 0.5]) expect(() => lazy(() => tree, { maxDepth })).toThrow(WrongOption)
  })
})
