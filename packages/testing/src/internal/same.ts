import { inspect } from 'node:util'

/** What an error says beside its excerpt of bytes, whose length may depend on how the stream was cut. */
const NOT_COMPARED = new Set(['bytes', 'message', 'stack', 'cause'])

const fields = (value: object): ReadonlyArray<string> =>
  Object.getOwnPropertyNames(value).filter((key) => !(value instanceof Error && NOT_COMPARED.has(key)))

/**
 * Whether two messages mean the same: bytes by content whatever array they are in, errors by their
 * tag and fields except excerpts, the rest by structure.
 */
export const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0
  }
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime())
  if (a instanceof Map && b instanceof Map) return same([...a], [...b])
  if (a instanceof Set && b instanceof Set) return same([...a], [...b])
  if (kindOf(a) !== kindOf(b)) return false
  const keys = fields(a)
  return (
    keys.length === fields(b).length && keys.every((key) => Object.hasOwn(b, key) && same(read(a, key), read(b, key)))
  )
}

/** What made it; an object without a prototype, as arbitraries make them, is as good as any plain one. */
const kindOf = (value: object): unknown => Object.getPrototypeOf(value) ?? Object.prototype

const read = (value: object, key: string): unknown => (value as Readonly<Record<string, unknown>>)[key]

/** A value as a person reads it in a report, on one line and never very long. */
export const show = (value: unknown): string => {
  const options = { breakLength: Infinity, compact: true, depth: 6, maxArrayLength: 24, maxStringLength: 200 }
  const text = value instanceof Error ? inspect({ ...value, message: value.message }, options) : inspect(value, options)
  const plain = text.replaceAll('[Object: null prototype] ', '')
  return plain.length > 600 ? `${plain.slice(0, 600)} …` : plain
}
