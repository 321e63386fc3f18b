import type { MakePair } from '../../internal/endsOf.ts'
import { until, withPair } from '../../internal/endsOf.ts'
import { same, show } from '../../internal/same.ts'
import type { Law, LawResult } from '../../law.ts'
import { brokenBy, held } from '../../law.ts'

export const HALF_CLOSES: Law = { title: 'lets one side end while the other goes on', rule: 'R2' }

/**
 * R2: the FIN of one end completes the input of the other, behind all its bytes, and nothing else: the other goes on
 * writing, and is read.
 */
export const halfCloses = (
  make: MakePair,
  given: { readonly before: Uint8Array; readonly after: Uint8Array },
  patienceMs: number,
): Promise<LawResult> =>
  withPair(make, async (one, other) => {
    const { before, after } = given
    const wrong = (detail: string): LawResult =>
      brokenBy(HALF_CLOSES, detail, [`first   ${show(before)}, and its end`, `second  ${show(after)}, later`])
    one.read()
    other.read()
    await one.write(before, patienceMs)
    one.connection.end()
    if (!(await until(() => other.completed, patienceMs)))
      return wrong('one end has ended, and the other does not hear of it')
    if (!same(other.received, before)) return wrong(`before its end came ${show(other.received)}`)
    if (one.completed || one.cause !== null) return wrong('one end has ended, and its input is over as well')
    await other.write(after, patienceMs)
    other.connection.end()
    if (!(await until(() => one.cause !== null, patienceMs))) return wrong('both have ended, and it is not over')
    return same(one.received, after) ? held : wrong(`to the end that had ended came ${show(one.received)}`)
  })
