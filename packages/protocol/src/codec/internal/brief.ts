const LONGEST = 40

/**
 * A value in a few words, for the `got` of an error. Of what a peer sent, so it costs no more than what is shown:
 *
 * ```
 *  12   "a text that is cut at forty character"…   an array of 3   an object   null   4 bytes
 * ```
 */
export const brief = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return value.length <= LONGEST ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, LONGEST))}…`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint': {
      const text = String(BigInt.asIntN(256, value))
      return `${text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`}n`
    }
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'symbol':
    case 'function':
      return `a ${typeof value}`
    case 'object':
      return value === null ? 'null' : briefObject(value)
  }
}

const briefObject = (value: object): string => {
  if (Array.isArray(value)) return `an array of ${String(value.length)}`
  if (value instanceof Uint8Array) return byteCount(value.length)
  return value instanceof Date ? 'a Date' : 'an object'
}

/** `1 byte`, `2 bytes`. */
export const byteCount = (count: number): string => `${String(count)} byte${count === 1 ? '' : 's'}`

/** Where a value lies in another, as one would write it: `user.tags[2]`, `headers["x-id"]`; `''` for the whole. */
export const showPath = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${String(key)}]`
    if (typeof key === 'symbol') return `${text}[${String(key)}]`
    if (/^[A-Za-z_$][\w$]{0,79}$/.test(key)) return text === '' ? key : `${text}.${key}`
    return `${text}[${brief(key)}]`
  }, '')

/** The name of a codec, short enough for an error: what is long is told by its outermost word. */
export const shortName = (name: string): string =>
  name.length <= 60 ? name : name.includes('(') ? `${name.slice(0, name.indexOf('('))}(…)` : `${name.slice(0, 60)}…`
