import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import type { AnyBinary } from '../../src/index.ts'
import { binary } from '../../src/index.ts'

const { bits, bool, bytes, checksum, constant, enumerated, f32, field, flags, imap, lazy, list, listUntil } = binary
const { optional, padding, refine, rest, sized, struct, tuple, u16, u8, utf8, variant, varint, withContext } = binary

const ref = field('a.b', { less: 2 })
const says = "field('a.b', { less: 2 }) says"
const pair = tuple(u8, u8)
const either = { a: [1, struct({ x: u8 })], b: [2, struct({ y: u16 })] } as const
const half = (n: number) => n / 2
const twice = (n: number) => n * 2
const lambda = imap(
  (n: number) => n,
  (n: number) => n,
)

/** A codec, its name, and the rows of its table. */
const TABLES: ReadonlyArray<readonly [AnyBinary, string, ReadonlyArray<string>]> = [
  [f32, 'f32', ['| 0 | 4 |  | f32 |']],
  [struct({}), 'struct({})', []],
  [tuple(varint, u8), 'tuple(varint, u8)', ['| 0 | any | `[0]` | varint |', '| +0 | 1 | `[1]` | u8 |']],
  [bytes(ref), "bytes(field('a.b', { less: 2 }))", [`| 0 | any |  | bytes, as many as ${says} |`]],
  [utf8(3), 'utf8(3)', ['| 0 | 3 |  | UTF-8 |']],
  [utf8(rest), 'utf8(rest)', ['| 0 | any |  | UTF-8, to the end |']],
  [sized(ref, u8), "sized(field('a.b', { less: 2 }), u8)", ['| 0 | 1 |  | u8 |']],
  [list(rest, u8), 'list(rest, u8)', ['| 0 | any |  | to the end: u8 |']],
  [list(ref, u8), "list(field('a.b', { less: 2 }), u8)", [`| 0 | any |  | as many as ${says}: u8 |`]],
  [
    list(2, pair),
    'list(2, tuple(u8, u8))',
    ['|  |  |  | 2 times: |', '| +0 | 1 | `[][0]` | u8 |', '| +1 | 1 | `[][1]` | u8 |'],
  ],
  [
    listUntil('ab', pair),
    'listUntil(61 62, tuple(u8, u8))',
    [
      '|  |  |  | any number of: |',
      '| +0 | 1 | `[][0]` | u8 |',
      '| +1 | 1 | `[][1]` | u8 |',
      '| +0 | 2 |  | the end of the list: 0x61 0x62 |',
    ],
  ],
  [
    variant(ref, either),
    "variant(field('a.b', { less: 2 }), { a: [1, struct({ x: u8 })], b: [2, struct({ y: u16 })] })",
    [
      "|  |  | `_tag` | a, where field('a.b', { less: 2 }) is 1: |",
      '| 0 | 1 | `x` | u8 |',
      "|  |  | `_tag` | b, where field('a.b', { less: 2 }) is 2: |",
      '| 0 | 2 | `y` | u16 |',
    ],
  ],
  [
    struct({ k: u8, v: variant(u8, either, { key: 't' }), z: u8 }),
    'struct({ k: u8, v: variant(u8, { a: [1, struct({ x: u8 })], b: [2, struct({ y: u16 })] }), z: u8 })',
    [
      '| 0 | 1 | `k` | u8 |',
      '| 1 | 1 | `v.t` | u8: which it is |',
      '|  |  | `v.t` | a, where u8 is 1: |',
      '| 2 | 1 | `v.x` | u8 |',
      '|  |  | `v.t` | b, where u8 is 2: |',
      '| 2 | 2 | `v.y` | u16 |',
      '| +0 | 1 | `z` | u8 |',
    ],
  ],
  [
    struct({ o: optional(bool, u16), n: u8 }),
    'struct({ o: optional(bool, u16), n: u8 })',
    ['| 0 | 1 | `o` | bool: whether it is there |', '| 1 | 2 | `o` | u16, if it is there |', '| +0 | 1 | `n` | u8 |'],
  ],
  [
    optional(ref, struct({ x: u8, y: u8 })),
    "optional(field('a.b', { less: 2 }), struct({ x: u8, y: u8 }))",
    [`|  |  |  | if ${says} so: |`, '| 0 | 1 | `x` | u8, if it is there |', '| 1 | 1 | `y` | u8 |'],
  ],
  [padding(2, { byte: 0x20 }), 'padding(2)', ['| 0 | 2 |  | padding, 0x20 |']],
  [constant(Uint8Array.of(0, 255)), 'constant(00 ff)', ['| 0 | 2 |  | always 0x00 0xff |']],
  [
    checksum(u16, () => 0, struct({ a: u8 })),
    'checksum(u16, …, struct({ a: u8 }))',
    ['| 0 | 1 | `a` | u8 |', '| 1 | 2 |  | u16, the checksum of the bytes before |'],
  ],
  [
    bits(u16, { a: 4, b: 12 }),
    'bits(u16, { a: 4, b: 12 })',
    ['| 0 | 2 |  | u16, bits from the most significant: a 4, b 12 |'],
  ],
  [flags(u8, { a: 0, b: 1 }), 'flags(u8, { a: 0, b: 1 })', ['| 0 | 1 |  | u8, flags: a in bit 0, b in bit 1 |']],
  [enumerated(u8, { a: 1, b: 2 }), 'enumerated(u8, { a: 1, b: 2 })', ['| 0 | 1 |  | u8: a = 1, b = 2 |']],
  [lazy(() => u8, { maxDepth: 3 }), 'lazy(…)', ['| 0 | any |  | one of its own kind, up to 3 levels |']],
  [pipe(u8, lambda), 'pipe(u8, imap(…))', ['| 0 | 1 |  | u8 |']],
  [pipe(u8, imap(half, twice)), 'pipe(u8, imap(half))', ['| 0 | 1 |  | u8 as half |']],
  [
    pipe(
      u8,
      refine('even', () => true),
    ),
    "pipe(u8, refine('even'))",
    ['| 0 | 1 |  | u8, even |'],
  ],
  [pipe(struct({ a: u8 }), withContext('named')), 'named', ['| 0 | 1 | `named.a` | u8 |']],
]

describe('a description', () => {
  it.each(TABLES.map(([codec, name, rows]) => [name, rows, codec] as const))(
    'of %s is its name and a table',
    (name, rows, codec) => {
      expect(codec.name).toBe(name)
      const table = binary.describe(codec).split('\n')
      expect(table.slice(0, 2)).toEqual(['| offset | bytes | field | what |', '| --- | --- | --- | --- |'])
      expect(table.slice(2)).toEqual(rows)
    },
  )
})
