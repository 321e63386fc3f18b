/** What is wrong inside of a value that is JSON as such. */
export interface JsonTrouble {
  readonly path: ReadonlyArray<PropertyKey>
  readonly expected: string
  readonly got: string
}

/** Whether the value of a JSON text may have a key that harms: tells most apart without a look at the value. */
export const mayHarm = (text: string): boolean => text.includes('proto') || text.includes('\\u')

/** A key that would change the prototype of what the value is merged into: `__proto__`, or `constructor` with a `prototype`. */
export const harmIn = (value: unknown): JsonTrouble | null =>
  search(value, (inside, key) => {
    if (key !== '__proto__' && (key !== 'constructor' || !hasPrototype(inside))) return null
    return { expected: 'no key that changes a prototype', got: `"${key}"` }
  })

/** A number that JSON has no word for, and of which `JSON.stringify` makes `null`. */
export const numberLost = (value: unknown): JsonTrouble | null =>
  search(value, (inside) => {
    if (typeof inside !== 'number' || Number.isFinite(inside)) return null
    return { expected: 'a number that JSON has', got: String(inside) }
  })

/** A value among those that are to be looked at, and where it lies. */
interface Place {
  readonly value: unknown
  readonly key: PropertyKey
  readonly parent: Place | null
}

/** The first trouble of a value or of what is inside of it; no recursion, however deep it is. */
const search = (
  value: unknown,
  trouble: (inside: unknown, key: PropertyKey) => Omit<JsonTrouble, 'path'> | null,
): JsonTrouble | null => {
  const left: Place[] = [{ value, key: '', parent: null }]
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const { value: inside } = place
    const found = trouble(inside, place.key)
    if (found !== null) return { path: pathOf(place), ...found }
    if (typeof inside !== 'object' || inside === null || 'toJSON' in inside) continue
    for (const [key, child] of Object.entries(inside) as ReadonlyArray<readonly [string, unknown]>) {
      left.push({ value: child, key: Array.isArray(inside) ? Number(key) : key, parent: place })
    }
  }
  return null
}

const hasPrototype = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')

const pathOf = (place: Place): ReadonlyArray<PropertyKey> => {
  const path: PropertyKey[] = []
  for (let at = place; at.parent !== null; at = at.parent) path.unshift(at.key)
  return path
}
