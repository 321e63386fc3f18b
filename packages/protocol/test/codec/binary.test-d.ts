import { pipe } from 'fp-ts/lib/function.js'
import { expectTypeOf } from 'vitest'
import type { Binary, Protocol, ReadBy, Struct, WrittenBy } from '../../src/index.ts'
import { binary, lengthPrefixed, through } from '../../src/index.ts'

const { bits, bool, bytes, checksum, constant, enumerated, field, flags, imap, lazy, list, optional, padding, refine } =
  binary
const { rest, sized, struct, tuple, u16, u64, u8, utf8, variant, withContext } = binary

// fields without a value are no fields of the value
const header = struct({
  magic: constant('HI'),
  kind: enumerated(u8, { ping: 1, pong: 2 }),
  reserved: padding(2),
  id: u64,
  flags: flags(u8, { urgent: 0, last: 7 }),
  parts: bits(u8, { high: 4, low: 4 }),
  length: u16,
  body: bytes(field('length')),
  extra: optional(bool, utf8(u8)),
})
interface Header {
  readonly kind: 'ping' | 'pong'
  readonly id: bigint
  readonly flags: Readonly<Record<'urgent' | 'last', boolean>>
  readonly parts: Readonly<Record<'high' | 'low', number>>
  readonly length: number
  readonly body: Uint8Array
  readonly extra: string | undefined
}
expectTypeOf<ReadBy<typeof header>>().toEqualTypeOf<Header>()
expectTypeOf<WrittenBy<typeof header>>().toEqualTypeOf<Header>()
expectTypeOf(header).toExtend<Binary<Header>>()
expectTypeOf(pipe(lengthPrefixed(), through(header))).toEqualTypeOf<Protocol<Header>>()

expectTypeOf(tuple(u8, constant('x'), utf8(rest))).toEqualTypeOf<Binary<readonly [number, string]>>()
expectTypeOf(list(u8, tuple(u8, bool))).toEqualTypeOf<Binary<ReadonlyArray<readonly [number, boolean]>>>()
expectTypeOf(sized(u8, utf8(rest))).toEqualTypeOf<Binary<string>>()
expectTypeOf(checksum(u8, (all) => all.length, bool)).toEqualTypeOf<Binary<boolean>>()
expectTypeOf(pipe(u8, imap((n) => n.toFixed(), Number))).toEqualTypeOf<Binary<string>>() // prettier-ignore
expectTypeOf(pipe(u8, refine('even', (n) => n % 2 === 0), withContext('even'))).toEqualTypeOf<Binary<number>>() // prettier-ignore

const halves = imap((n: number) => n / 2, (n) => n * 2) // prettier-ignore
expectTypeOf(
  struct({
    even: pipe(
      u8,
      refine('even', (n) => n % 2 === 0),
    ),
    half: pipe(u16, halves),
  }),
).toExtend<Binary<{ readonly even: number; readonly half: number }>>()
expectTypeOf(tuple(pipe(u8, imap((n) => n.toFixed(), Number)))).toEqualTypeOf<Binary<readonly [string]>>() // prettier-ignore

// a variant is a discriminated union
const shape = variant(u8, {
  circle: [1, struct({ radius: u8 })],
  square: [2, struct({ side: u16 })],
  point: [3, struct({})],
})
type Shape =
  | { readonly _tag: 'circle'; readonly radius: number }
  | { readonly _tag: 'square'; readonly side: number }
  | { readonly _tag: 'point' }
expectTypeOf(shape).toEqualTypeOf<Binary<Shape>>()
const area = (one: ReadBy<typeof shape>): number => {
  switch (one._tag) {
    case 'circle':
      return Math.PI * one.radius ** 2
    case 'square':
      return one.side ** 2
    case 'point':
      return 0
  }
}
expectTypeOf(area).returns.toBeNumber()
const keyed = variant(u8, { on: [1, struct({})], off: [0, struct({})] }, { key: 'state' })
expectTypeOf(keyed).toEqualTypeOf<Binary<{ readonly state: 'on' } | { readonly state: 'off' }>>()

// exhaustive: a case that is missing, or of another type, is an error where the union is promised
shape satisfies Binary<Shape>
const missing = variant(u8, { circle: [1, struct({ radius: u8 })], square: [2, struct({ side: u16 })] })
// @ts-expect-error no case for `point`
missing satisfies Binary<Shape>
const other = variant(u8, {
  circle: [1, struct({ radius: utf8(u8) })],
  square: [2, struct({ side: u16 })],
  point: [3, struct({})],
})
// @ts-expect-error a radius is a number
other satisfies Binary<Shape>
// @ts-expect-error the tag is a number
variant(u8, { circle: ['c', struct({})] })
// @ts-expect-error a case is a struct
variant(u8, { circle: [1, u8] })

// what contains its own kind is declared
interface Tree {
  readonly value: number
  readonly children: ReadonlyArray<Tree>
}
const tree: Binary<Tree> = struct({
  value: u8,
  children: list(
    u8,
    lazy(() => tree),
  ),
})
expectTypeOf(tree.encode).parameter(0).toEqualTypeOf<Tree>()
expectTypeOf(struct({ a: u8 })).toExtend<Struct<{ readonly a: Binary<number> }>>()

// @ts-expect-error text, where a number is written
header.encode({ kind: 'ping', id: '1' })
// @ts-expect-error no such name
enumerated(u8, { a: 1 }).encode('b')
// @ts-expect-error bits of a bigint
flags(u64, { a: 1 })
// @ts-expect-error a codec of text, where there are bytes
struct({ a: 'u8' })
