import type { Protocol } from '@sluice/protocol'
import type { Chunking } from '../chunkings.ts'
import { decodeCut, difference } from '../internal/stream.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import { sameOutcome, showOutcome } from '../transcript.ts'

export const STOP_AND_RESUME: Law = { title: 'stops where it is told to, and goes on with nothing lost', rule: 'R3' }

/**
 * R3: where `emit` answers false nothing more is emitted by that call; an empty push goes on, and so do
 * the next chunk and the end. So stops, wherever they fall, change neither messages nor error.
 *
 * ```
 *  push 'a\nb\nc\n'     a, b      emit answered false to b
 *  push ''              c
 * ```
 */
export const stopAndResume = <In, Out>(
  protocol: Protocol<In, Out>,
  given: {
    readonly bytes: Uint8Array
    readonly chunking: Chunking
    /** The messages, counted from 0, to which `emit` answers false. */
    readonly stops: ReadonlyArray<number>
  },
): LawResult => {
  const { bytes, chunking } = given
  const through = decodeCut(protocol, bytes, chunking)
  const everywhere = through.messages.map((_, i) => i)
  const ways = [given.stops, everywhere].flatMap((stops) => [
    { stops, impatient: false },
    { stops, impatient: true },
  ])
  return firstBroken(ways, (way) => {
    const stopped = decodeCut(protocol, bytes, chunking, way)
    const how = `stopped at ${way.stops.join(', ')}${way.impatient ? ', next chunk pushed at once' : ''}`
    const wrong = difference(through.messages, stopped.messages)
    if (wrong !== null) {
      return broken(STOP_AND_RESUME, `${how}: ${wrong}\nthen ${showOutcome(stopped.outcome)}`, bytes, chunking)
    }
    if (sameOutcome(through.outcome, stopped.outcome)) return held
    const detail = `unstopped: ${showOutcome(through.outcome)}\n${how}: ${showOutcome(stopped.outcome)}`
    return broken(STOP_AND_RESUME, detail, bytes, chunking)
  })
}
