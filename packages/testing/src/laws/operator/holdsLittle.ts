import type { Law, LawResult } from '../../law.ts'
import { held } from '../../law.ts'
import type { MakeOperator } from '../../internal/trial.ts'
import { tryOperator } from '../../internal/trial.ts'

export const HOLDS_LITTLE: Law = { title: 'holds no more than its bound', rule: 'R7' }

/** A case of {@link holdsLittle}. */
export interface BoundCase<A, B> {
  readonly values: ReadonlyArray<A>
  /** How many there are to give: the values again and again. */
  readonly count: number
  readonly bound: number
  /** How much an output counts. */
  readonly sizeOf: (output: B) => number
}

/**
 * R7: nothing buffers without a bound. The source gives all it is let; what comes out later, without any further input, was
 * held.
 *
 * ```
 *  in    1 2 3 4 5 6 …                nobody holds the gate: they are all taken
 *  out                  1 2 3 …       as time passes: it held them
 * ```
 */
export const holdsLittle = async <A, B>(make: MakeOperator<A, B>, given: BoundCase<A, B>): Promise<LawResult> => {
  const trial = tryOperator(make).subscribe()
  const { values, count } = given
  trial.source.give(Array.from({ length: count }, (_, i) => values[i % values.length] as A))
  const at = trial.values.length
  const { taken } = trial.source
  trial.source.drop()
  await trial.settle()
  trial.source.end({ _tag: 'Completed' })
  await trial.settle()
  const kept = trial.values.slice(at).reduce((sum, output) => sum + given.sizeOf(output), 0)
  if (kept <= given.bound) return held
  const detail = `it took ${String(taken)} values, and held ${String(kept)}, at most ${String(given.bound)} expected`
  return trial.broken(HOLDS_LITTLE, detail)
}
