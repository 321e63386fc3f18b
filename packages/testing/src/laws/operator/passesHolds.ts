import type { Gate } from '@sluice/net'
import type { Law, LawResult } from '../../law.ts'
import { brokenBy, held } from '../../law.ts'
import type { MakeOperator, Trial } from '../../internal/trial.ts'
import { differs, tryOperator } from '../../internal/trial.ts'

export const PASSES_HOLDS: Law = { title: 'stops while its sink is full, and then loses nothing', rule: 'R3' }

/** A case of {@link passesHolds}. */
export interface HoldCase<A> {
  readonly values: ReadonlyArray<A>
  /** The outputs, counted from 0, in which the sink is full. */
  readonly holds: ReadonlyArray<number>
  /** How many outputs may still come after a hold. */
  readonly inFlight: number
  /** Whether the order of the outputs counts. */
  readonly ordered: boolean
}

/**
 * R3: a sink that is full holds the current gate, which must be that of the source: then nothing more comes, as time
 * passes too, until it is released. What comes in the end is what comes without holds.
 *
 * ```
 *  in    ──1──(held)     ──2──|
 *  out   ──1─(full)──────────2──|
 * ```
 */
export const passesHolds = async <A, B>(make: MakeOperator<A, B>, given: HoldCase<A>): Promise<LawResult> => {
  const free = await freely(make, given.values)
  const trial = tryOperator(make)
  const stops = new Set(given.holds)
  let gate: Gate | null = null
  let stray = false
  let heldAt = 0
  trial.onNext = (current) => {
    if (!stops.has(trial.values.length - 1) || gate !== null) return
    trial.tell('full')
    heldAt = trial.values.length
    if (current !== trial.source.gate) stray = true
    else (gate = current).hold(trial)
  }
  trial.subscribe()
  trial.source.give(given.values)
  trial.source.end({ _tag: 'Completed' })
  for (;;) {
    await trial.settle()
    if (stray) return trial.broken(PASSES_HOLDS, 'this came in no gate of its source: a full sink can hold nobody')
    if (gate === null) break
    const after = trial.values.length - heldAt
    if (after > given.inFlight) {
      const said = given.inFlight === 0 ? 'none' : `at most ${String(given.inFlight)}`
      return trial.broken(PASSES_HOLDS, `the sink was full, and ${String(after)} more came, ${said} expected`)
    }
    trial.tell('drained')
    const holding: Gate = gate
    gate = null
    holding.release(trial)
  }
  if (trial.source.gate.held) return trial.broken(PASSES_HOLDS, 'all is over, and it still holds its source')
  const wrong = differs(free, trial, given.ordered)
  if (wrong === null) return held
  return brokenBy(PASSES_HOLDS, `with a sink that is full now and then: ${wrong}`, trial.drawn('run'))
}

const freely = async <A, B>(make: MakeOperator<A, B>, values: ReadonlyArray<A>): Promise<Trial<A, B>> => {
  const trial = tryOperator(make).subscribe()
  trial.source.give(values)
  trial.source.end({ _tag: 'Completed' })
  await trial.settle()
  return trial
}
