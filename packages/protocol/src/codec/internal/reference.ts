import type { AnyBinary } from '../binary/binary.ts'
import type { FieldRef } from '../binary/layout.ts'
import { brief } from './brief.ts'
import type { Scope } from './failure.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'

/** A reference to a field, or null for anything else. */
export const refOf = (given: AnyBinary | FieldRef): FieldRef | null =>
  typeof given === 'object' && '_tag' in given ? given : null

/** What the field says; undefined where there is none. */
export const referred = (scope: Scope | null, { path }: FieldRef): unknown => {
  const [first] = path
  for (let at = scope; at !== null; at = at.outer) {
    if (at.names.has(first)) return path.reduce<unknown>(property, at.value)
  }
  return undefined
}

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined

/** What is said of a reference to a field that is not of the kind it must be. */
export const refuseReference = (to: Input | Output, { path }: FieldRef, expected: string, got: unknown): undefined =>
  to.fail(to.at, `${expected} in field '${path.join('.')}'`, brief(got))
