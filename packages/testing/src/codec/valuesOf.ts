import type { Count, FieldRef, Layout, StructLayout, VariantLayout } from '@sluice/protocol'
import fc from 'fast-check'
import { anyText } from '../internal/anyText.ts'
import { containsLazy, sizeOf } from './layouts.ts'
import { patient } from './patient.ts'
import { agreed, patched } from './references.ts'

/** What is known where a value is made. */
export interface Surroundings {
  /** The structs around it, the nearest first, with the fields before it. */
  readonly around: ReadonlyArray<object>
  /** How many bytes it must take, where that is fixed from outside. */
  readonly bytes: number | null
  /** How many `lazy` parts it lies in. */
  readonly depth: number
}

const MOST_ITEMS = 4
/** From here on what contains itself is left out where it can be. */
const DEEP = 3

/** Values of a layout; among them some that cannot be written, where one part forbids what another allows. */
export const valuesOf = (
  layout: Layout,
  where: Surroundings = { around: [], bytes: null, depth: 0 },
): fc.Arbitrary<unknown> => {
  const free = { ...where, bytes: null }
  switch (layout._tag) {
    case 'Integer':
      return typeof layout.least === 'bigint' || typeof layout.most === 'bigint'
        ? fc.bigInt({ min: BigInt(layout.least), max: BigInt(layout.most) })
        : fc.integer({ min: layout.least, max: layout.most })
    case 'Float':
      return layout.bytes === 4 ? fc.float() : fc.double()
    case 'Varint':
      return fc.oneof(
        fc.integer({ min: Math.max(layout.least, -300), max: 300 }),
        fc.integer({ min: layout.least, max: layout.most }),
      )
    case 'Bool':
      return fc.boolean()
    case 'Flags':
      return record(layout.bits.map(([name]) => [name, fc.boolean()]))
    case 'Bits':
      return record(layout.widths.map(([name, width]) => [name, fc.integer({ min: 0, max: 2 ** width - 1 })]))
    case 'Enumerated':
      return fc.constantFrom(...layout.names.map(([name]) => name))
    case 'Constant':
    case 'Padding':
      return fc.constant(undefined)
    case 'Bytes': {
      const length = countOf(layout.count, where, 1)
      return length === null
        ? fc.uint8Array({ maxLength: 8 })
        : exactly(fc.nat({ max: 255 }), length, (all) => Uint8Array.from(all))
    }
    case 'Text': {
      const length = countOf(layout.count, where, 1)
      return length === null ? text() : text().map((any) => cut(any, length))
    }
    case 'CString':
      return text().map((any) => any.replaceAll('\0', '0'))
    case 'Struct':
      return struct(layout, where)
    case 'Tuple':
      return fc.tuple(...layout.items.filter(({ silent }) => !silent).map((item) => valuesOf(item.layout, free)))
    case 'Variant':
      return variant(layout, where)
    case 'Sized':
      return valuesOf(layout.of, { ...where, bytes: countOf(layout.count, where, 1) })
    case 'List': {
      const most = where.depth >= DEEP && containsLazy(layout.of) ? 0 : MOST_ITEMS
      const length = countOf(layout.count, where, sizeOf(layout.of))
      const item = valuesOf(layout.of, free)
      return length === null ? fc.array(item, { maxLength: most }) : exactly(item, length, (all) => [...all])
    }
    case 'ListUntil':
      return fc.array(valuesOf(layout.of, free), { maxLength: MOST_ITEMS })
    case 'Optional':
      return optional(layout.flag, valuesOf(layout.of, free), where, containsLazy(layout.of))
    case 'Checksum':
      return valuesOf(layout.of, less(where, sizeOf(layout.sum)))
    case 'Lazy':
      return valuesOf(layout.of(), { around: [], bytes: null, depth: where.depth + 1 })
    case 'Context':
      return valuesOf(layout.of, where)
    case 'Mapped':
      return valuesOf(layout.of, where).map(layout.to)
    case 'Refined':
      return patient(valuesOf(layout.of, where), layout.is, layout.expected)
  }
}

const text = (): fc.Arbitrary<string> => fc.oneof(fc.string({ maxLength: 6 }), anyText)

/** A text of exactly so many bytes, begun with this one. */
const cut = (any: string, bytes: number): string => {
  const begun = [...any].reduce((all, one) => (Buffer.byteLength(all + one) <= bytes ? all + one : all), '')
  return begun.padEnd(begun.length + bytes - Buffer.byteLength(begun), 'x')
}

const exactly = <A, B>(item: fc.Arbitrary<A>, length: number, of: (items: ReadonlyArray<A>) => B): fc.Arbitrary<B> =>
  fc.array(item, { minLength: length, maxLength: length }).map(of)

const less = (where: Surroundings, taken: number | null): Surroundings => ({
  ...where,
  bytes: where.bytes === null || taken === null ? null : Math.max(0, where.bytes - taken),
})

/** How many there have to be, or null where that is free; `each` takes so many bytes. */
const countOf = (count: Count, where: Surroundings, each: number | null): number | null => {
  switch (count._tag) {
    case 'Always':
      return count.count
    case 'Prefix':
      return null
    case 'Rest':
      return where.bytes === null || each === null ? null : Math.floor(where.bytes / Math.max(1, each))
    case 'Field': {
      const said = agreed(where.around, count)
      return said === undefined ? null : Math.max(0, Number(said) - count.less)
    }
  }
}

/** An object of the usual kind. */
const record = (fields: ReadonlyArray<readonly [string, fc.Arbitrary<unknown>]>): fc.Arbitrary<object> =>
  fc.tuple(...fields.map(([, value]) => value)).map((values) => object(fields.map(([name], i) => [name, values[i]])))

const object = (entries: ReadonlyArray<readonly [string, unknown]>): object => Object.fromEntries(entries)

/** Field by field, so that each can depend on those before it. */
const struct = ({ fields }: StructLayout, where: Surroundings): fc.Arbitrary<object> => {
  const fixed = fields.reduce((sum, { layout }) => sum + (sizeOf(layout) ?? 0), 0)
  const inside =
    fields.filter(({ layout }) => sizeOf(layout) === null).length === 1 ? less(where, fixed) : less(where, null)
  const told = patched(fields)
  return fields
    .filter(({ silent }) => !silent)
    .reduce<fc.Arbitrary<object>>(
      (before, { name, layout }) =>
        before.chain((object) => {
          const value = valuesOf(layout, { ...inside, around: [object, ...where.around] })
          return told.before(name, value).map((one) => ({ ...object, [name]: one }))
        }),
      fc.constant({}),
    )
    .map((object) => told.after(object, where.around))
}

const variant = ({ key, tag, cases }: VariantLayout, where: Surroundings): fc.Arbitrary<object> => {
  const said = tag._tag === 'Field' ? agreed(where.around, tag) : undefined
  const possible = said === undefined ? cases : cases.filter((one) => one.tag === said)
  const shallow = possible.filter(({ layout }) => where.depth < DEEP || !containsLazy(layout))
  const bytes = tag._tag === 'Field' ? 0 : sizeOf(tag)
  const of = (shallow.length === 0 ? possible : shallow).map(({ name, layout }) =>
    struct(layout, less(where, bytes)).map((value) => ({ [key]: name, ...value })),
  )
  return fc.oneof(...of)
}

const optional = (
  flag: Layout | FieldRef,
  value: fc.Arbitrary<unknown>,
  where: Surroundings,
  recursive: boolean,
): fc.Arbitrary<unknown> => {
  const said = flag._tag === 'Field' ? agreed(where.around, flag) : undefined
  if (said !== undefined) return said === true ? value : fc.constant(undefined)
  return recursive && where.depth >= DEEP ? fc.constant(undefined) : fc.option(value, { nil: undefined })
}
