import type { Protocol } from '@sluice/protocol'
import type { Chunking } from '../chunkings.ts'
import { dripping } from '../chunkings.ts'
import type { Equals } from '../internal/stream.ts'
import { decodeCut, difference, streamOf } from '../internal/stream.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import { showOutcome } from '../transcript.ts'

export const ROUND_TRIP: Law = { title: 'reads back what it wrote, however it is cut', rule: 'R15' }

/** A case of {@link roundTrip}. */
export interface RoundTripCase<In, Out> {
  readonly messages: ReadonlyArray<Out>
  readonly chunking: Chunking
  /** What the peer reads of a message. */
  readonly read: (sent: Out) => In
  readonly equals?: Equals<In>
}

/**
 * R15: `decode(encode(x)) = x`. The messages come back, in order and once, from one chunk, from the
 * chunking of the case, and one byte at a time; nothing is left over, and the end is `Right`.
 *
 * ```
 *  a, b ──encode──▶ 61 0a 62 0a ──cut──▶ 61 | 0a 62 | 0a ──decode──▶ a, b, end
 * ```
 */
export const roundTrip = <In, Out>(protocol: Protocol<In, Out>, given: RoundTripCase<In, Out>): LawResult => {
  const stream = streamOf(ROUND_TRIP, protocol, given.messages)
  if ('_tag' in stream) return stream
  const { bytes } = stream
  const expected = given.messages.map(given.read)
  return firstBroken([[], given.chunking, dripping(bytes.length)], (chunking) => {
    const { messages, outcome } = decodeCut(protocol, bytes, chunking)
    const wrong = difference(expected, messages, given.equals)
    if (wrong !== null) return broken(ROUND_TRIP, `${wrong}\nthen ${showOutcome(outcome)}`, bytes, chunking)
    if (outcome._tag !== 'Well') return broken(ROUND_TRIP, `then ${showOutcome(outcome)}`, bytes, chunking)
    return held
  })
}
