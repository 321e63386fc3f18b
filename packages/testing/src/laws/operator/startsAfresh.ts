import type { Law, LawResult } from '../../law.ts'
import { brokenBy, held } from '../../law.ts'
import type { MakeOperator } from '../../internal/trial.ts'
import { Trial, differs } from '../../internal/trial.ts'
import { VirtualClock } from '../../internal/virtualClock.ts'

export const STARTS_AFRESH: Law = { title: 'begins anew with every subscription', rule: 'R26' }

/**
 * R26: an operator is a value. It does nothing before it is subscribed to, and what comes of a subscription does not
 * depend on others, be they over or at the same time.
 *
 * ```
 *  in    1 2 |      first   1 3 |      second   1 3 |      in turns with a third: 1 3 |
 * ```
 */
export const startsAfresh = async <A, B>(
  make: MakeOperator<A, B>,
  given: { readonly values: ReadonlyArray<A> },
): Promise<LawResult> => {
  const clock = new VirtualClock()
  const operator = make(clock)
  const idle = new Trial(operator, clock)
  operator(idle.source.values$)
  if (idle.source.subscriptions > 0) return idle.broken(STARTS_AFRESH, 'it subscribes to its source by itself')
  const first = new Trial(operator, clock).subscribe()
  await feed([first], given.values)
  const together = [new Trial(operator, clock).subscribe(), new Trial(operator, clock).subscribe()]
  await feed(together, given.values)
  for (const other of together) {
    const wrong = differs(first, other)
    if (wrong === null) continue
    return brokenBy(STARTS_AFRESH, `subscribed to again: ${wrong}`, [...first.drawn('first'), ...other.drawn('again')])
  }
  return held
}

/** Each value to all of them, and the end. */
const feed = async <A, B>(trials: ReadonlyArray<Trial<A, B>>, values: ReadonlyArray<A>): Promise<void> => {
  for (const value of values) for (const { source } of trials) source.give([value])
  for (const { source } of trials) source.end({ _tag: 'Completed' })
  for (const trial of trials) await trial.settle()
}
