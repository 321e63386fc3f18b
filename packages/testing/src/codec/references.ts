import type { FieldLayout, FieldRef, Layout } from '@sluice/protocol'
import fc from 'fast-check'
import type { Reference } from './layouts.ts'
import { referencesOf } from './layouts.ts'

/** What an earlier field says, the nearest struct first; undefined where there is none. */
export const agreed = (around: ReadonlyArray<object>, { path }: FieldRef): unknown => {
  const [first] = path
  const nearest = around.find((one) => Object.hasOwn(one, first))
  return nearest === undefined ? undefined : path.reduce<unknown>(property, nearest)
}

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined

/** How the fields of a struct are made to agree. */
interface Agreement {
  /** Values of a field that others depend on: such as these can do something with. */
  readonly before: (name: string, value: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>
  /** What can be told only when all is there: lengths in bytes. */
  readonly after: (object: object, around: ReadonlyArray<object>) => object
}

const MOST = 4

/** How the fields of this struct are made to agree. */
export const patched = (fields: ReadonlyArray<FieldLayout>): Agreement => {
  const references = fields.flatMap(({ layout }) => referencesOf(layout))
  return {
    before: (name, value) =>
      references
        .filter(({ ref }) => ref.path[0] === name)
        .reduce((made, one) => {
          const useful = usefulFor(one)
          if (useful === null) return made
          return fc.tuple(made, useful).map(([all, said]) => withValue(all, one.ref.path.slice(1), said))
        }, value),
    after: (object, around) => fields.reduce((all, { name, layout }) => withLength(all, name, layout, around), object),
  }
}

/** What a field may say so that what depends on it can be made; null where it may say anything. */
const usefulFor = ({ ref, by }: Reference): fc.Arbitrary<unknown> | null => {
  if (by._tag === 'Variant') return fc.constantFrom(...by.cases.map(({ tag }) => tag))
  if (by._tag === 'Optional') return null
  return fc.integer({ min: Math.max(0, ref.less), max: Math.max(0, ref.less) + MOST })
}

/** A value with another in its place at the end of the path; numbers become what was there: `number` or `bigint`. */
const withValue = (all: unknown, path: ReadonlyArray<string>, said: unknown): unknown => {
  const [first, ...others] = path
  if (first === undefined) return typeof all === 'bigint' && typeof said === 'number' ? BigInt(said) : said
  return { ...(all as object), [first]: withValue(property(all, first), others, said) }
}

/** The length of a part in bytes is in the field that it refers to. */
const withLength = (object: object, name: string, layout: Layout, around: ReadonlyArray<object>): object => {
  if (layout._tag === 'Context') return withLength(object, name, layout.of, around)
  if (layout._tag !== 'Sized' || layout.count._tag !== 'Field') return object
  const { path, less } = layout.count
  const bytes = layout.bytesOf(property(object, name), [object, ...around])
  if (bytes === null || !Object.hasOwn(object, path[0])) return object
  return withValue(object, path, bytes.length + less) as object
}
