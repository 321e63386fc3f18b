import type { Law, LawResult } from '../../law.ts'
import { held } from '../../law.ts'
import type { MakeOperator } from '../../internal/trial.ts'
import { tryOperator } from '../../internal/trial.ts'
import { kept, stillSilent } from './letsGo.ts'

export const LETS_GO_INSIDE: Law = { title: 'lets go also where it is left from inside next', rule: 'R14' }

/**
 * R14, where it is hardest: the subscriber leaves while it is being told something. Nothing more is said, not even what
 * came of the same input, and the source is left.
 *
 * ```
 *  in    ──1
 *  out     1 (left) 1        the second one is too many
 * ```
 */
export const letsGoInside = async <A, B>(
  make: MakeOperator<A, B>,
  given: { readonly values: ReadonlyArray<A>; readonly leaveIn: number },
): Promise<LawResult> => {
  const trial = tryOperator(make)
  trial.onNext = () => {
    if (trial.values.length > given.leaveIn) trial.leave()
  }
  trial.subscribe()
  trial.source.give(given.values)
  trial.source.end({ _tag: 'Completed' })
  await trial.settle()
  // where fewer came than that, nobody left
  if (trial.values.length <= given.leaveIn) return held
  const wrong = kept(trial)
  return wrong === null ? stillSilent(LETS_GO_INSIDE, trial) : trial.broken(LETS_GO_INSIDE, wrong)
}
