import type { MakePair } from '../../internal/endsOf.ts'
import { until, withPair } from '../../internal/endsOf.ts'
import { show } from '../../internal/same.ts'
import type { Law, LawResult } from '../../law.ts'
import { brokenBy, held } from '../../law.ts'

export const RESETS: Law = { title: 'tells a break from an end', rule: 'R10' }

/** R10: where one end breaks off both are over at once, and the input of the other does not complete as if that were a FIN. */
export const resets = (
  make: MakePair,
  given: { readonly before: Uint8Array },
  patienceMs: number,
): Promise<LawResult> =>
  withPair(make, async (one, other) => {
    one.read()
    other.read()
    await one.write(given.before, patienceMs)
    await until(() => other.received.length === given.before.length, patienceMs)
    one.connection.abort()
    const lines = [`run  ${show(given.before)}, abort`]
    await until(() => one.cause !== null && (other.cause !== null || other.completed), patienceMs)
    if (other.completed)
      return brokenBy(RESETS, 'one end broke off, and to the other that was an end like any other', lines)
    const open = [one, other].findIndex(({ cause }) => cause === null)
    return open === -1
      ? held
      : brokenBy(RESETS, `one end broke off, and ${open === 0 ? 'it' : 'the other'} is not over`, lines)
  })
