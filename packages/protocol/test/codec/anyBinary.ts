import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import type { AnyBinary, Binary, StructFields } from '../../src/index.ts'
import { binary } from '../../src/index.ts'

const { bits, bool, bytes, checksum, constant, cstring, enumerated, field, flags, imap, lazy, list, listUntil } = binary
const { optional, padding, refine, rest, sized, struct, tuple, u16, u16le, u24, u24le, u32, u32le, u8, utf8 } = binary
const { variant, varint, withContext, zigzag } = binary

/** A codec whose values nothing is known of but by its description. */
type Any = Binary<unknown>

// what is read is what is written in all of them
const any = (codec: AnyBinary): Any => codec as Any

const CARRIERS = [u8, u16, u16le, u24, u24le, u32, u32le]
const { f32, f32le, f64, f64le, i16, i16le, i24, i24le, i32, i32le, i64, i64le, i8, u64, u64le } = binary
const NUMBERS = [...CARRIERS, i8, i16, i16le, i24, i24le, i32, i32le, u64, u64le, i64, i64le, f32, f32le, f64, f64le]

const NAMES = ['a', 'kind', 'size', 'body', 'next', 'x-id']
const carrier = fc.constantFrom(...CARRIERS)
const bitsOf = (codec: Binary<number>): number => 8 * codec.minBytes

/** Names with a bit each, no two of them the same. */
const someFlags = carrier.chain((number) =>
  fc
    .uniqueArray(fc.nat({ max: bitsOf(number) - 1 }), { minLength: 1, maxLength: 4 })
    .map((places) => any(flags(number, Object.fromEntries(places.map((bit, i) => [NAMES[i] ?? '', bit]))))),
)

/** Cuts of a number, no two of them at the same place. */
const someBits = carrier.chain((number) =>
  fc.uniqueArray(fc.integer({ min: 1, max: bitsOf(number) - 1 }), { maxLength: 4 }).map((cuts) => {
    const borders = [0, ...cuts.sort((a, b) => a - b), bitsOf(number)]
    return any(
      bits(number, Object.fromEntries(borders.slice(1).map((to, i) => [NAMES[i] ?? '', to - (borders[i] ?? 0)]))),
    )
  }),
)

const someNames = carrier.chain((number) =>
  fc
    .uniqueArray(fc.nat({ max: 255 }), { minLength: 1, maxLength: 4 })
    .map((values) => any(enumerated(number, Object.fromEntries(values.map((value, i) => [NAMES[i] ?? '', value]))))),
)

const few = fc.nat({ max: 5 })
const lessOne = pipe(u8, imap((n: number) => n - 1, (n) => n + 1)) // prettier-ignore
const prefix = fc.constantFrom<AnyBinary>(u8, u16le, varint, u64, lessOne)
const count = fc.oneof(few, prefix)

const leaf: fc.Arbitrary<Any> = fc.oneof(
  fc.constantFrom(...[...NUMBERS, bool, varint, zigzag, cstring].map(any)),
  someFlags,
  someBits,
  someNames,
  count.map((n) => any(bytes(n))),
  count.map((n) => any(utf8(n))),
  fc.constantFrom(any(pipe(u8, imap((n) => ({ n }), ({ n }) => n))), any(pipe(i16, refine('even', (n) => n % 2 === 0)))), // prettier-ignore
)

const silent: fc.Arbitrary<AnyBinary> = fc.oneof(
  fc.uint8Array({ maxLength: 3 }).map((all) => constant(all)),
  few.map((n) => padding(n, { byte: n })),
)

const sum = (all: Uint8Array): number => all.reduce((total, byte) => (31 * total + byte) | 0, 7)

/** Fields of names drawn at random; a few of them are silent. */
const fieldsOf = (one: fc.Arbitrary<AnyBinary>): fc.Arbitrary<StructFields> =>
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 6 }),
      fc.array(fc.oneof({ weight: 5, arbitrary: one }, silent), { minLength: 6, maxLength: 6 }),
    ) // prettier-ignore
    .map(([names, codecs]) => Object.fromEntries(names.map((name, i) => [name, codecs[i] ?? u8])))

/** Structs of which one part depends on another. */
const dependent = (inner: fc.Arbitrary<Any>): fc.Arbitrary<Any> =>
  fc.tuple(inner, carrier, fieldsOf(inner)).chain(([one, number, more]) => {
    const less = fc.nat({ max: 3 })
    const takesBytes = one.maxBytes === 0 ? u8 : one
    return fc.oneof(
      less.map((n) => any(struct({ n: number, ...more, all: list(field('n', { less: n }), takesBytes) }))),
      less.map((n) => any(struct({ n: number, ...more, all: bytes(field('n', { less: n })), end: silentEnd }))),
      less.map((n) => any(struct({ n: number, ...more, all: sized(field('n', { less: n }), takesBytes) }))),
      fc.constant(any(struct({ f: flags(u8, { there: 3 }), ...more, it: optional(field('f.there'), one) }))),
      fc.constant(any(struct({ h: bits(u16, { n: 3, m: 13 }), in: struct({ ...more, text: utf8(field('h.n')) }) }))),
      fc.constant(
        any(
          struct({ t: number, ...more, it: variant(field('t'), { one: [1, struct({ one })], no: [2, struct({})] }) }),
        ),
      ),
    )
  })
const silentEnd = constant('end')

const composite = (inner: fc.Arbitrary<Any>): fc.Arbitrary<Any> => {
  const bytewise = fc.constantFrom(any(bytes(rest)), any(utf8(rest)), any(list(rest, u8)))
  const open = fc.oneof(
    bytewise,
    inner.map((one) => any(list(rest, one.minBytes === 0 ? u8 : one))),
  )
  const endsOpen = fc.tuple(fieldsOf(inner), open).map(([all, last]) => any(struct({ ...all, last, end: silentEnd })))
  return fc.oneof(
    fieldsOf(inner).map((all) => any(struct(all))),
    dependent(inner),
    fc.array(fc.oneof(inner, silent), { maxLength: 3 }).map((all) => any(tuple(...all))),
    fc.tuple(prefix, inner).map(([n, one]) => any(list(n, one.maxBytes === 0 ? u8 : one))),
    fc.tuple(few, inner).map(([n, one]) => any(list(n, one))),
    inner.map((one) => any(listUntil('\0\0', one.maxBytes === 0 ? u8 : one))),
    fc.tuple(prefix, fc.oneof(open, endsOpen, inner)).map(([n, one]) => any(sized(n, one))),
    fc.tuple(few, bytewise).map(([n, one]) => any(sized(n, one))),
    inner.map((one) => any(optional(bool, one))),
    fc.tuple(carrier, fc.oneof(inner, endsOpen)).map(([number, one]) => any(sized(u16, checksum(number, sum, one)))),
    fc
      .tuple(carrier, fieldsOf(inner), fieldsOf(inner))
      .map(([tag, a, b]) => any(variant(tag, { one: [7, struct(a)], other: [200, struct(b)] }, { key: 'which' }))),
    inner.map((one) => any(pipe(one, withContext('named')))),
    fieldsOf(inner).map((all) => {
      const tree: Any = any(
        struct({
          ...all,
          more: list(
            u8,
            lazy(() => tree),
          ),
        }),
      )
      return tree
    }),
  )
}

/** Any codec that ends by itself, of up to so many levels. */
const nested = (levels: number): fc.Arbitrary<Any> =>
  levels === 0
    ? leaf
    : fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 3, arbitrary: composite(nested(levels - 1)) })

/**
 * A generator of codecs: descriptions of every kind within one another. Some take the rest of their frame.
 */
export const anyBinary = (): fc.Arbitrary<Any> => {
  const inner = nested(2)
  const atEnd = fc
    .tuple(fieldsOf(inner), inner)
    .map(([all, one]) => any(struct({ ...all, last: list(rest, one.minBytes === 0 ? u8 : one) })))
  return fc.oneof(
    { weight: 5, arbitrary: composite(inner) },
    { weight: 1, arbitrary: atEnd },
    { weight: 1, arbitrary: leaf },
  )
}
