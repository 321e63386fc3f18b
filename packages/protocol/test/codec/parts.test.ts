import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { WrongOption, binary } from '../../src/index.ts'
import { hex } from '../wire.ts'
import { forced, reads, writes } from './support.ts'

const { bool, bytes, checksum, constant, cstring, field, imap, list, listUntil, optional, padding, refine } = binary
const { rest, sized, struct, tuple, u16, u64, u8, utf8, variant, varint, withContext } = binary

describe('bytes(), utf8() and cstring', () => {
  it('take as many as is said, or the rest [R15]', () => {
    expect([reads(bytes(2), 'cafe'), reads(bytes(u8), '02cafe'), reads(bytes(rest), 'cafe')]).toEqual(
      Array.from({ length: 3 }, () => hex('cafe')),
    )
    expect([writes(bytes(varint), hex('cafe')), writes(bytes(rest), hex('cafe'))]).toEqual(['02cafe', 'cafe'])
    expect([reads(utf8(u8), '03 68c3a9'), writes(utf8(u8), 'hé'), reads(utf8(3), '68c3a9')]).toEqual([
      'hé',
      '0368c3a9',
      'hé',
    ])
    expect([reads(cstring, '68c3a900'), writes(cstring, 'hé')]).toEqual(['hé', '68c3a900'])
    expect(reads(utf8(rest), 'efbfbd')).toBe('\ufffd')
  })

  it('gives bytes as views of the frame [R20]', () => {
    const frame = hex('02cafe')
    const result = bytes(u8).decode(frame)
    expect(result._tag === 'Right' && result.right.buffer).toBe(frame.buffer)
  })

  it('refuse what is not there, is no text, or does not fit [R15][R19]', () => {
    expect(reads(bytes(u8), '03cafe')).toEqual(['expected 3 bytes, got 2 at 1'])
    expect(reads(utf8(u8), '0268ff')).toEqual(['expected UTF-8, got 0xff at 2'])
    expect(reads(cstring, '6869')).toEqual(['expected a byte of zero, got the end at 2'])
    expect(writes(bytes(2), hex('ca'))).toBe('expected 2 bytes, got 1 byte')
    expect(writes(utf8(2), 'abc')).toBe('expected 2, got 3')
    expect(writes(utf8(u8), 'a\udc00')).toMatch(/a lone surrogate at character 1/)
    expect(writes(utf8(u8), 'é'.repeat(200))).toMatch(/from 0 to 255, got 400/)
    expect(writes(cstring, 'a\0b')).toMatch(/no byte of zero/)
    for (const codec of [bytes(u8), utf8(u8), cstring]) expect(codec.encode(forced(1))._tag).toBe('Left')
    for (const count of [-1, 0.5, NaN, undefined]) expect(() => bytes(forced(count))).toThrow(WrongOption)
  })
})

describe('constant() and padding()', () => {
  it('have no value, and refuse one', () => {
    expect(writes(constant('a'), forced(1))).toBe('expected nothing, got 1')
    expect(writes(padding(2), undefined)).toBe('0000')
    expect(writes(padding(2), forced(0))).toBe('expected nothing, got 0')
  })

  it('look at the bytes, padding unless told otherwise', () => {
    expect(reads(padding(2, { byte: 0x20 }), '2000')).toEqual(['expected 0x20, got 0x00 at 1'])
    expect(reads(padding(2, { check: false }), 'ffff')).toBeUndefined()
    for (const build of [() => padding(-1), () => padding(1, { byte: 256 }), () => constant(forced(1))]) {
      expect(build).toThrow(WrongOption)
    }
  })
})

describe('checksum()', () => {
  const xor = (all: Uint8Array) => all.reduce((total, byte) => total ^ byte, 0)

  it('is behind what it covers, also where that takes the rest [R15]', () => {
    const framed = struct({
      kind: u8,
      body: checksum(u8, xor, struct({ a: u8, all: bytes(rest) })),
      end: constant('!'),
    })
    expect(writes(framed, { kind: 9, body: { a: 1, all: hex('0204') } })).toBe('090102040721')
    expect(reads(framed, '09 01 02 04 07 21')).toEqual({ kind: 9, body: { a: 1, all: hex('0204') } })
    expect(reads(framed, '09 01 02 04 06 21')).toEqual(['body: expected the checksum 7, got 6 at 4'])
    expect(reads(checksum(u16, xor, u8), '01')).toEqual(['expected 2 bytes, got 0 at 1'])
  })

  it('counts the lowest bits of what the function answers', () => {
    expect(
      writes(
        checksum(u16, () => -1, u8),
        7,
      ),
    ).toBe('07ffff')
    expect(
      writes(
        checksum(u8, () => 2 ** 40 + 5, u8),
        7,
      ),
    ).toBe('0705')
  })

  it('makes an error of a function that throws, or answers nothing that counts [R18]', () => {
    const angry = (): number => {
      throw new Error('no')
    }
    expect(writes(checksum(u8, angry, u8), 7)).toBe('expected a checksum, got no')
    expect(
      reads(
        checksum(u8, () => NaN, u8),
        '0700',
      ),
    ).toEqual(['expected the checksum NaN, got 0 at 1'])
    expect(() => checksum(forced(u64), xor, u8)).toThrow(WrongOption)
  })
})

describe('imap(), refine() and withContext()', () => {
  const even = pipe(
    u8,
    refine('an even number', (n) => n % 2 === 0),
  )
  const url = pipe(utf8(u8), imap((text: string) => new URL(text), String)) // prettier-ignore

  it('make other values of a part, and refuse some, both ways [R15]', () => {
    expect([reads(even, '02'), reads(even, '03'), writes(even, 3)]).toEqual([2, ['expected an even number, got 3 at 0'], 'expected an even number, got 3']) // prettier-ignore
    expect(reads(url, '03613a62')).toEqual(new URL('a:b'))
    expect(reads(struct({ at: url }), '0161')).toEqual(['at: Invalid URL, of "a" at 0'])
    const angry = pipe(u8, imap((n: number) => n, (): number => { throw new Error('no') })) // prettier-ignore
    expect(writes(angry, 1)).toBe('no, of 1')
    const undecided = pipe(u8, refine('decided', (): boolean => { throw new Error('no') })) // prettier-ignore
    expect(reads(undecided, '01')).toEqual(['expected decided, got 1 at 0'])
  })

  it('give a constant a value', () => {
    const version = pipe(constant('v1'), imap<void, number>(() => 1, () => undefined)) // prettier-ignore
    expect(reads(struct({ version, a: u8 }), '7631 05')).toEqual({ version: 1, a: 5 })
  })

  it('name a part in errors', () => {
    const named = pipe(list(u8, bool), withContext('answers'))
    expect(reads(named, '020107')).toEqual(['answers[1]: expected 0 or 1, got 7 at 2'])
    expect(named.name).toBe('answers')
    expect(reads(pipe(struct({ a: u16 }), withContext('pair')), '01')).toEqual(['pair.a: expected 2 bytes, got 1 at 0'])
  })
})

describe('tuple(), list() and listUntil()', () => {
  it('are arrays [R15]', () => {
    const three = tuple(u8, constant('-'), u16, bool)
    expect([reads(three, '012d000201'), writes(three, [1, 2, true])]).toEqual([[1, 2, true], '012d000201'])
    expect([reads(list(2, u8), '0102'), reads(list(rest, u8), '010203'), writes(list(u16, bool), [true])]).toEqual([[1, 2], [1, 2, 3], '000101']) // prettier-ignore
    const texts = listUntil('\0', cstring)
    expect([reads(texts, '6100620000'), writes(texts, ['a', 'b']), reads(texts, '00')]).toEqual([['a', 'b'], '6100620000', []]) // prettier-ignore
  })

  it('say which item is wrong [R19]', () => {
    expect(reads(tuple(u8, constant('-'), bool), '012d07')).toEqual(['[1]: expected 0 or 1, got 7 at 2'])
    expect(reads(list(u8, utf8(u8)), '02 0161 0561')).toEqual(['[1]: expected 5 bytes, got 1 at 4'])
    expect(reads(listUntil('\0\0', bool), '01 07')).toEqual(['[1]: expected 0 or 1, got 7 at 1'])
    expect(reads(listUntil('\0\0', bool), '01 00')).toEqual([
      'expected the 2 bytes that end the list, got the end at 2',
    ])
    expect(writes(list(u8, bool), [true, forced(1)])).toBe('[1]: expected true or false, got 1')
    expect(writes(tuple(u8, bool), forced([1]))).toBe('expected an array of 2, got an array of 1')
    expect(writes(tuple(u8, bool), forced([1, 1]))).toBe('[1]: expected true or false, got 1')
    expect(writes(list(2, u8), [1])).toBe('expected 2, got 1')
    for (const codec of [list(u8, u8), listUntil('\0', u8)]) expect(writes(codec, forced({}))).toMatch(/an array/)
  })

  it('refuse an item that would end the list, or that nobody would read [R15]', () => {
    expect(writes(listUntil('\0\0', bool), [true, false, true])).toBe('01000100' + '00')
    expect(writes(listUntil('\0\0', bool), [true, false])).toMatch(/^\[1\]: expected an item that does not begin/)
    const empty = optional(field('n'), u8)
    expect(writes(struct({ n: bool, all: list(rest, empty) }), { n: false, all: [undefined] })).toMatch(/^all\[0\]: .*byte at least/) // prettier-ignore
    expect(writes(struct({ n: bool, all: list(u8, empty) }), { n: false, all: [undefined] })).toMatch(/no more items than bytes/) // prettier-ignore
  })

  it.each([
    ['items that take the rest', () => list(u8, bytes(rest))],
    ['items of no bytes', () => list(u8, struct({}))],
    ['items of no bytes, up to an end', () => listUntil('x', constant(''))],
    ['an end of no bytes', () => listUntil('', u8)],
    ['something behind what takes the rest', () => tuple(bytes(rest), u8)],
    ['a count below zero', () => list(-1, u8)],
    ['a word for a count', () => list(forced('many'), u8)],
  ])('refuse %s at construction', (_what, build) => {
    expect(build).toThrow(WrongOption)
  })
})

describe('sized(), optional() and variant()', () => {
  it('use up exactly the bytes that are said [R15][R19]', () => {
    const record = sized(varint, struct({ id: u8, text: utf8(rest) }))
    expect([reads(record, '03 07 6869'), writes(record, { id: 7, text: 'x'.repeat(200) }).slice(0, 6)]).toEqual([{ id: 7, text: 'hi' }, 'c90107']) // prettier-ignore
    expect(reads(sized(u8, u8), '02 0102')).toEqual(['expected the end of 2 bytes, got 1 byte more at 2'])
    expect(reads(sized(u8, u16), '01 0102')).toEqual(['expected 2 bytes, got 1 at 1'])
    expect(reads(sized(u8, u8), '09 01')).toEqual(['expected 9 bytes, got 1 at 1'])
    expect(writes(sized(3, utf8(rest)), 'ab')).toBe('expected 3, got 2')
    expect(writes(sized(u8, utf8(rest)), 'x'.repeat(256))).toMatch(/from 0 to 255, got 256/)
  })

  it('are there or not, one or the other [R15][R19]', () => {
    const maybe = optional(bool, u16)
    expect([reads(maybe, '01 0005'), reads(maybe, '00'), writes(maybe, 5), writes(maybe, undefined)]).toEqual([5, undefined, '010005', '00']) // prettier-ignore
    expect(reads(maybe, '05')).toEqual(['expected 0 or 1, got 5 at 0'])
    const either = variant(utf8(1), { a: ['A', struct({ n: u8 })], b: ['B', struct({})] }, { key: 'type' })
    expect([reads(either, '41 07'), writes(either, { type: 'b' })]).toEqual([{ type: 'a', n: 7 }, '42'])
    expect(reads(either, '43')).toEqual(['expected one of A (a), B (b), got "C" at 0'])
    expect(writes(either, forced({ type: 'c' }))).toBe('type: expected one of a, b, got "c"')
    expect(writes(either, forced(null))).toBe('type: expected one of a, b, got undefined')
    expect(writes(either, forced({ type: 'a' }))).toMatch(/^n: /)
  })

  it.each([
    ['a length below zero', () => sized(-1, u8)],
    ['an option on nothing', () => optional(bool, padding(1))],
    ['a flag that is none', () => optional(forced(true), u8)],
    ['two cases of one tag', () => variant(u8, { a: [1, struct({})], b: [1, struct({})] })],
    ['a field of the name of the key', () => variant(u8, { a: [1, struct({ _tag: u8 })] })],
    ['a case that is no struct', () => variant(u8, { a: [1, forced(u8)] })],
  ])('refuse %s at construction', (_what, build) => {
    expect(build).toThrow(WrongOption)
  })
})
