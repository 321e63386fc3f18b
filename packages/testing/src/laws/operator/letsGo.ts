import type { Law, LawResult } from '../../law.ts'
import { held } from '../../law.ts'
import type { MakeOperator, Trial } from '../../internal/trial.ts'
import { realTimers, tryOperator } from '../../internal/trial.ts'

export const LETS_GO: Law = { title: 'leaves its source and its timers when it is left', rule: 'R14' }

/**
 * R14: who unsubscribes is told nothing more, the source is unsubscribed at once, and no timer is left: none on the clock
 * of the trial, and none of Node's.
 *
 * ```
 *  in    ──1──2── left ──        nobody listens to the source any more
 * ```
 */
export const letsGo = async <A, B>(
  make: MakeOperator<A, B>,
  given: { readonly values: ReadonlyArray<A>; readonly leaveAfter: number },
): Promise<LawResult> => {
  // one synchronous stretch: nobody else sets a timer meanwhile
  const before = realTimers()
  const trial = tryOperator(make).subscribe()
  trial.source.give(given.values.slice(0, given.leaveAfter))
  trial.leave()
  const real = realTimers() - before
  const wrong = kept(trial) ?? (real <= 0 ? null : `it was left, and ${String(real)} timers of Node's are still set`)
  if (wrong !== null) return trial.broken(LETS_GO, wrong)
  await trial.settle()
  return stillSilent(LETS_GO, trial)
}

/** What is still in use by an operator that was left, or null. */
export const kept = <A, B>({ source, clock }: Trial<A, B>): string | null => {
  if (source.listeners > 0) return 'it was left, and still listens to its source'
  if (source.gate.held) return 'it was left, and still holds the gate of its source'
  return clock.timers === 0 ? null : `it was left, and ${String(clock.timers)} of its timers are still set`
}

/** An operator that was left has said nothing since. An end that nobody hears harms nobody. */
export const stillSilent = <A, B>(law: Law, trial: Trial<A, B>): LawResult =>
  trial.late.some(({ _tag }) => _tag === 'Next') ? trial.broken(law, 'it was left, and went on') : held
