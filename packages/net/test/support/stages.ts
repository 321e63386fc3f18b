import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { EMPTY, of } from 'rxjs'
import type { ObservableInput } from 'rxjs'

/** How an asynchronous step takes its time: at once, after microtasks, after turns of the loop, or never answers. */
export type Pace = 'now' | 'empty' | number

/** Paces of many kinds; `empty` is an answer without a value. */
export const pace: fc.Arbitrary<Pace> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Pace>('now') },
  { weight: 1, arbitrary: fc.constant<Pace>('empty') },
  { weight: 6, arbitrary: fc.integer({ min: -4, max: 3 }) },
)

/** Answers with the value at that pace: below 0 after so many microtasks, from 0 on after so many turns. */
export const paced = <A>(pace: Pace, value: A): ObservableInput<A> => {
  if (pace === 'now') return of(value)
  if (pace === 'empty') return EMPTY
  return after(pace, value)
}

const after = async <A>(pace: number, value: A): Promise<A> => {
  for (let i = pace; i < 0; i++) await Promise.resolve()
  for (let i = 0; i < pace; i++) await turn()
  return value
}
