import { pipe } from 'fp-ts/lib/function.js'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { binary } from '../../src/index.ts'
import { anyBinary } from './anyBinary.ts'
import fc from 'fast-check'

const { bits, bool, bytes, checksum, constant, cstring, enumerated, f64, field, flags, imap, lazy, list, listUntil } =
  binary
const { optional, padding, refine, rest, sized, struct, tuple, u16, u32, u8, utf8, variant, varint, withContext } =
  binary

const rows = (codec: Parameters<typeof binary.describe>[0]) => binary.describe(codec).split('\n').slice(2)

describe('describe()', () => {
  it('is a table in Markdown, a row for each piece, with its offset and size', () => {
    const packet = struct({
      magic: constant('HI'),
      version: u8,
      reserved: padding(1),
      flags: flags(u8, { urgent: 0, last: 7 }),
      parts: bits(u16, { kind: 4, id: 12 }),
      colour: enumerated(u8, { red: 1, green: 2 }),
      at: struct({ x: f64, y: f64 }),
      name: utf8(u16),
      hash: bytes(4),
    })
    expect(binary.describe(packet)).toBe(
      [
        '| offset | bytes | field | what |',
        '| --- | --- | --- | --- |',
        '| 0 | 2 | `magic` | always 0x48 0x49 |',
        '| 2 | 1 | `version` | u8 |',
        '| 3 | 1 | `reserved` | padding, 0x00 |',
        '| 4 | 1 | `flags` | u8, flags: urgent in bit 0, last in bit 7 |',
        '| 5 | 2 | `parts` | u16, bits from the most significant: kind 4, id 12 |',
        '| 7 | 1 | `colour` | u8: red = 1, green = 2 |',
        '| 8 | 8 | `at.x` | f64 |',
        '| 16 | 8 | `at.y` | f64 |',
        '| 24 | 2 | `name` | u16: how many bytes |',
        '| 26 | any | `name` | UTF-8 |',
        '| +0 | 4 | `hash` | bytes |',
      ].join('\n'),
    )
  })

  it('tells what depends on what', () => {
    const dependent = struct({
      n: u8,
      f: bool,
      all: list(field('n', { less: 1 }), u16),
      pairs: list(u8, tuple(u8, bool)),
      it: optional(field('f'), u32),
      other: optional(bool, varint),
      rest: bytes(rest),
    })
    expect(rows(dependent)).toEqual([
      '| 0 | 1 | `n` | u8 |',
      '| 1 | 1 | `f` | bool |',
      "| 2 | any | `all` | as many as field('n', { less: 1 }) says: u16 |",
      '| +0 | 1 | `pairs` | u8: how many items |',
      '|  |  | `pairs` | that many times: |',
      '| +0 | 1 | `pairs[][0]` | u8 |',
      '| +1 | 1 | `pairs[][1]` | bool |',
      "|  |  | `it` | if field('f') says so: |",
      '| +0 | 4 | `it` | u32, if it is there |',
      '| +0 | 1 | `other` | bool: whether it is there |',
      '| +1 | any | `other` | varint, if it is there |',
      '| +0 | any | `rest` | bytes, to the end |',
    ])
  })

  it('shows every case of a variant at its place, and what is wrapped', () => {
    const message = variant(u8, { ping: [1, struct({ at: u32 })], text: [2, struct({ text: cstring })] })
    expect(rows(sized(u16, message))).toEqual([
      '| 0 | 2 |  | u16: how many bytes |',
      '| 2 | 1 | `_tag` | u8: which it is |',
      '|  |  | `_tag` | ping, where u8 is 1: |',
      '| 3 | 4 | `at` | u32 |',
      '|  |  | `_tag` | text, where u8 is 2: |',
      '| 3 | any | `text` | UTF-8 up to a byte of zero |',
    ])
    const half = pipe(u8, refine('even', (n) => n % 2 === 0), imap(function halved(n: number) { return n / 2 }, (n) => n * 2)) // prettier-ignore
    const wrapped = checksum(u16, () => 0, pipe(half, withContext('a|b')))
    expect(rows(wrapped)).toEqual([
      '| 0 | 1 | `a\\|b` | u8, even as halved |',
      '| 1 | 2 |  | u16, the checksum of the bytes before |',
    ])
    expect(
      rows(
        listUntil(
          '\0',
          lazy(() => u8),
        ),
      ),
    ).toEqual([
      '| 0 | any |  | any number of: one of its own kind, up to 32 levels |',
      '| +0 | 1 |  | the end of the list: 0x00 |',
    ])
  })

  it('has an answer for any description, and a name', () => {
    for (const codec of fc.sample(anyBinary(), 200)) {
      for (const row of rows(codec)) expect(row).toMatch(/^\|( .* \|| {2}\|){4}$/)
      expect(codec.name).toMatch(/^[\w$]+(\(|$)/)
    }
  })
})

describe('the places that structs are read at', () => {
  it('are all the same line', () => {
    const file = readFileSync(new URL('../../src/codec/internal/quads.ts', import.meta.url), 'utf8')
    const places = file.split('\n').filter((line) => line.startsWith('  (({ n, k0'))
    expect(places).toHaveLength(64)
    expect(new Set(places).size).toBe(1)
  })
})
