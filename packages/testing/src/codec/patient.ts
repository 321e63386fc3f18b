import type fc from 'fast-check'
import { show } from '../internal/same.ts'

/** So many values in a row that will not do are no accident. */
const PATIENCE = 10_000

/** As `filter`, which would look for ever where nothing will do; this throws. */
export const patient = <A>(values: fc.Arbitrary<A>, is: (value: A) => boolean, what: string): fc.Arbitrary<A> => {
  let refused = 0
  return values.filter((value) => {
    const found = is(value)
    refused = found ? 0 : refused + 1
    if (refused < PATIENCE) return found
    throw new Error(`${what}: can write none of its values, such as ${show(value)}`)
  })
}
