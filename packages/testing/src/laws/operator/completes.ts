import type { Law, LawResult } from '../../law.ts'
import { held } from '../../law.ts'
import type { MakeOperator } from '../../internal/trial.ts'
import { showEnding, tryOperator } from '../../internal/trial.ts'

export const COMPLETES: Law = { title: 'completes when its source has, and leaves no timer', rule: 'R9' }

/**
 * R9: the completion of the output is what ends our side of a connection. An operator that keeps it to itself leaves the
 * peer waiting, and one that keeps a timer keeps the process.
 */
export const completes = async <A, B>(
  make: MakeOperator<A, B>,
  given: { readonly values: ReadonlyArray<A> },
): Promise<LawResult> => {
  const trial = tryOperator(make).subscribe()
  trial.source.give(given.values)
  trial.source.end({ _tag: 'Completed' })
  await trial.settle()
  if (trial.ending?._tag !== 'Completed') {
    return trial.broken(COMPLETES, `its source has completed, and it did ${showEnding(trial.ending)}`)
  }
  const { timers } = trial.clock
  return timers === 0 ? held : trial.broken(COMPLETES, `all is over, and ${String(timers)} of its timers are still set`)
}
