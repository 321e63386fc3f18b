import type { Protocol } from '@sluice/protocol'
import type { Chunking } from '../chunkings.ts'
import { dripping } from '../chunkings.ts'
import type { Stream } from '../internal/stream.ts'
import { decodeCut, streamOf } from '../internal/stream.ts'
import { same } from '../internal/same.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import type { Outcome } from '../transcript.ts'
import { showOutcome } from '../transcript.ts'

export const TRUNCATION: Law = { title: 'calls a frame cut off at any byte truncated', rule: 'R13' }

/** So many bytes at either end of a long stream are tried as the last one. */
const TRIED = 256

/**
 * R13: only a frame border is an end. Every proper prefix of a valid stream that is no border gives
 * the whole frames before it and then `Truncated`, which says where the unfinished frame begins, how
 * much of it came, and the bytes; every border gives `Right`.
 *
 * ```
 *  61 0a 62 0a      after 0, 2, 4 bytes: well        after 1, 3 bytes: Truncated { got: 1 }
 * ```
 */
export const truncation = <In, Out>(
  protocol: Protocol<In, Out>,
  given: { readonly messages: ReadonlyArray<Out>; readonly chunking: Chunking },
): LawResult => {
  const stream = streamOf(TRUNCATION, protocol, given.messages)
  if ('_tag' in stream) return stream
  const all = dripping(stream.bytes.length + 2).map((at) => at - 1)
  const tried = all.length > 2 * TRIED ? [...all.slice(0, TRIED), ...all.slice(-TRIED)] : all
  return firstBroken(tried, (length) =>
    firstBroken([[], given.chunking], (chunking) => endsRight(protocol, stream, length, chunking)),
  )
}

const endsRight = <In, Out>(
  protocol: Protocol<In, Out>,
  { bytes, borders }: Stream,
  length: number,
  chunking: Chunking,
): LawResult => {
  const prefix = bytes.subarray(0, length)
  const whole = borders.filter((border) => border <= length)
  const begin = whole.at(-1) ?? 0
  const { messages, outcome } = decodeCut(protocol, prefix, chunking)
  const wrong = (detail: string) => broken(TRUNCATION, detail, prefix, chunking)
  if (messages.length !== whole.length) {
    return wrong(`${String(whole.length)} whole frames, ${String(messages.length)} messages`)
  }
  if (begin === length) return outcome._tag === 'Well' ? held : wrong(`at a border: ${showOutcome(outcome)}`)
  const problem = misreported(outcome, begin, prefix.subarray(begin))
  return problem === null ? held : wrong(problem)
}

/** What is wrong with the report of an unfinished frame, or null. */
const misreported = (outcome: Outcome, begin: number, bytes: Uint8Array): string | null => {
  if (outcome._tag !== 'Failed' || outcome.error._tag !== 'Truncated') {
    return `expected Truncated, not ${showOutcome(outcome)}`
  }
  const { offset, got, expected } = outcome.error
  if (offset !== begin) return `the frame begins at ${String(begin)}, the error says ${String(offset)}`
  if (got !== bytes.length) return `${String(bytes.length)} bytes of it came, the error says ${String(got)}`
  if (!same(outcome.error.bytes, bytes)) return 'the bytes of the error are not those of the unfinished frame'
  if (expected !== undefined && expected <= got)
    return `all ${String(expected)} expected bytes came, and yet it is cut off`
  return null
}
