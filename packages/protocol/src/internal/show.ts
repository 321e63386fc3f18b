import { inspect } from 'node:util'

/** Any value as an expression on one line: what an option was, or the options that built a protocol. */
export const show = (value: unknown): string =>
  inspect(value, { breakLength: Infinity, compact: true, depth: 2, maxArrayLength: 8, maxStringLength: 80 })
