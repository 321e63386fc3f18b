import { describe, expect, it } from 'vitest'
import { WrongOption, binary, json, typed, typedAsync } from '../../src/index.ts'
import { forced } from './support.ts'

const { bits, bool, bytes, checksum, constant, enumerated, field, flags, i8, lazy, list, listUntil, optional } = binary
const { padding, refine, rest, sized, struct, tuple, u24, u64, u8, utf8, variant, varint, withContext } = binary

const sum = () => 0
const none = struct({})
const setter = <A>(): Readonly<Record<string, A>> => JSON.parse('{"__proto__":1}') as Record<string, A>

const NUMBER = 'an unsigned number of up to four bytes: u8, u16, u24, u32'
const COUNT = 'a number, a codec, field() or rest'
const CODEC = 'a binary codec'
const ENDS = 'what ends by itself, not what takes the rest'
const BEFORE = 'a field before it that has a value'
const NAMES = 'names that are no numbers, and not __proto__'
const OWN = 'at least one name, each of a number of its own'
const SCHEMA = 'a Standard Schema, or a type of io-ts'

/** What is built, what it says first, the option it names, and what it expected there. */
const REFUSED: ReadonlyArray<readonly [where: string, option: string, expected: string, build: () => unknown]> = [
  ['flags()', 'a', 'a whole number from 0 to 7', () => flags(u8, { a: 8 })],
  ['flags()', 'a', 'a whole number from 0 to 23', () => flags(u24, { a: -1 })],
  ['flags()', 'number', NUMBER, () => flags(i8, { a: 0 })],
  ['flags()', 'number', NUMBER, () => flags(forced(u64), { a: 0 })],
  ['flags()', 'number', CODEC, () => flags(forced('u8'), { a: 1 })],
  ['flags()', 'unknown', "one of 'refuse', 'ignore'", () => flags(u8, { a: 0 }, { unknown: forced('drop') })],
  ['flags()', 'bits', NAMES, () => flags(u8, { 1: 1 })],
  ['flags()', 'bits', NAMES, () => flags(u8, setter())],
  ['bits()', 'widths', 'widths of 8 bits together', () => bits(u8, { a: 7 })],
  ['bits()', 'widths', 'widths of 24 bits together', () => bits(u24, { a: 24, b: 1 })],
  ['bits()', 'widths', NAMES, () => bits(u8, { b: 4, 1: 4 })],
  ['bits()', 'a', 'a whole number from 1 to 8', () => bits(u8, { a: 0, b: 8 })],
  ['bits()', 'number', NUMBER, () => bits(i8, { a: 8 })],
  ['enumerated()', 'a', 'a whole number from 0 to 255', () => enumerated(u8, { a: 256 })],
  ['enumerated()', 'names', OWN, () => enumerated(u8, { a: 1, b: 1 })],
  ['enumerated()', 'names', OWN, () => enumerated(u8, {})],
  ['enumerated()', 'number', NUMBER, () => enumerated(forced(u64), { a: 1 })],
  ['bytes()', 'count', 'a whole number from 0 on', () => bytes(-1)],
  ['utf8()', 'count', COUNT, () => utf8(forced(null))],
  ['field()', 'path', 'text', () => field(forced(1))],
  ['bytes()', 'count', 'a whole number from 0 on', () => bytes(0.5)],
  ['bytes()', 'count', COUNT, () => bytes(forced('u8'))],
  ['utf8()', 'count', 'a whole number from 0 on', () => utf8(-1)],
  ['utf8()', 'count', COUNT, () => utf8(forced(undefined))],
  ['padding()', 'bytes', 'a whole number from 0 on', () => padding(-1)],
  ['padding()', 'byte', 'a whole number from 0 to 255', () => padding(1, { byte: 256 })],
  ['padding()', 'byte', 'a whole number from 0 to 255', () => padding(1, { byte: -1 })],
  ['padding()', 'check', 'true or false', () => padding(1, { check: forced('yes') })],
  ['constant()', 'expected', 'bytes', () => constant(forced(1))],
  ['checksum()', 'number', NUMBER, () => checksum(forced(u64), sum, u8)],
  ['checksum()', 'codec', CODEC, () => checksum(u8, sum, forced(1))],
  ['list()', 'item', ENDS, () => list(u8, bytes(rest))],
  ['list()', 'item', 'what takes bytes', () => list(u8, none)],
  ['list()', 'item', CODEC, () => list(u8, forced(1))],
  ['list()', 'count', 'a whole number from 0 on', () => list(-1, u8)],
  ['list()', 'count', COUNT, () => list(forced('many'), u8)],
  ['listUntil()', 'item', 'what takes bytes', () => listUntil('x', constant(''))],
  ['listUntil()', 'item', ENDS, () => listUntil('x', bytes(rest))],
  ['listUntil()', 'item', CODEC, () => listUntil('x', forced(1))],
  ['listUntil()', 'terminator', 'at least one byte', () => listUntil('', u8)],
  ['listUntil()', 'terminator', 'bytes', () => listUntil(forced(1), u8)],
  ['tuple()', '0', 'nothing behind what takes the rest', () => tuple(bytes(rest), u8)],
  ['tuple()', '1', CODEC, () => tuple(u8, forced(1))],
  ['sized()', 'length', 'a whole number from 0 on', () => sized(-1, u8)],
  ['sized()', 'codec', CODEC, () => sized(u8, forced(1))],
  ['optional()', 'codec', 'something that has a value', () => optional(bool, padding(1))],
  ['optional()', 'codec', CODEC, () => optional(bool, forced(1))],
  ['optional()', 'flag', CODEC, () => optional(forced(true), u8)],
  ['variant()', 'cases', 'a tag of its own for each case', () => variant(u8, { a: [1, none], b: [1, none] })],
  ['variant()', 'a', 'a struct()', () => variant(u8, { a: [1, forced(u8)] })],
  ['variant()', 'a', 'fields of other names than the key', () => variant(u8, { a: [1, struct({ _tag: u8 })] })],
  ['variant()', 'tag', CODEC, () => variant(forced(1), { a: [1, none] })],
  ['struct()', 'fields', NAMES, () => struct({ a: u8, 7: u8 })],
  ['struct()', 'fields', NAMES, () => struct(setter<typeof u8>())],
  ['struct()', 'a', CODEC, () => struct({ a: forced(1) })],
  ['struct()', 'items', BEFORE, () => struct({ items: list(field('n'), u8), n: u8 })],
  ['struct()', 'n', BEFORE, () => struct({ n: bytes(field('n')) })],
  ['struct()', 'b', BEFORE, () => struct({ n: constant('n'), b: bytes(field('n')) })],
  [
    'struct()',
    'last',
    "only fields of fixed size behind 'all', which takes the rest",
    () => struct({ all: bytes(rest), n: u8, last: varint }),
  ],
  ['lazy()', 'maxDepth', 'a whole number from 1 to 128', () => lazy(() => u8, { maxDepth: 0 })],
  ['lazy()', 'maxDepth', 'a whole number from 1 to 128', () => lazy(() => u8, { maxDepth: 129 })],
  ['field()', 'less', `a whole number from ${String(Number.MIN_SAFE_INTEGER)} on`, () => field('n', { less: 0.5 })],
  ['refine()', 'codec', CODEC, () => refine('even', () => true)(forced(1))],
  ['withContext()', 'codec', CODEC, () => withContext('a')(forced(1))],
  ['json({ maxDepth: -1 })', 'maxDepth', 'a whole number from 0 on', () => json({ maxDepth: -1 })],
  ['typed()', 'schema', SCHEMA, () => typed(forced({}))],
  ['typedAsync()', 'schema', SCHEMA, () => typedAsync(forced({}))],
]

describe('a codec that cannot be', () => {
  it.each(REFUSED)(
    'is refused at construction: %s for its %s, which is to be %s [R27]',
    (where, option, expected, build) => {
      expect(build).toThrow(WrongOption)
      expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
      expect(build).toThrow(`${where}: ${option} is `)
    },
  )

  it.each([
    ['a bit at either end of its number', () => flags(u24, { a: 0, b: 23 })],
    ['a number at either end of its names', () => enumerated(u8, { a: 0, b: 255 })],
    ['nothing of nothing', () => [bytes(0), padding(0), list(0, u8), sized(0, none)]],
    ['any byte of padding', () => [padding(1, { byte: 0 }), padding(1, { byte: 255 })]],
    ['the most and the least depth', () => [lazy(() => u8, { maxDepth: 1 }), lazy(() => u8, { maxDepth: 128 })]],
    ['what takes the rest, where it is last', () => [tuple(u8, bytes(rest)), struct({ a: u8, all: bytes(rest) })]],
  ])('is not %s', (_what, build) => {
    expect(build).not.toThrow()
  })
})
