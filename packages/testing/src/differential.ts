import type { DecodeError, Protocol } from '@sluice/protocol'
import fc from 'fast-check'
import type { Chunking } from './chunkings.ts'
import { chunking, cutAt, dripping } from './chunkings.ts'
import { arbitraryOf } from './codec/arbitraryOf.ts'
import { hostileStreams } from './hostileStreams.ts'
import type { RunOptions } from './internal/holds.ts'
import { holdsInTime } from './internal/holds.ts'
import { pouredThrough } from './internal/pouredThrough.ts'
import { show } from './internal/same.ts'
import type { Equals } from './internal/stream.ts'
import { decodeCut, difference } from './internal/stream.ts'
import type { Law, LawResult } from './law.ts'
import { broken, held } from './law.ts'
import { showOutcome } from './transcript.ts'

const AS_REFERENCE: Law = { title: 'gives what the reference gives, however both are cut', rule: 'R4' }

/** What a reference makes of a stream: its messages, and an error if it had one. */
export interface ReferenceResult<In> {
  readonly messages: ReadonlyArray<In>
  readonly error?: unknown
}

/** A parser that is believed: a function of all the bytes, or a Node stream, each subscription a new one. */
export type Reference<In> =
  | { readonly parse: (bytes: Uint8Array) => ReferenceResult<In> }
  | { readonly stream: () => NodeJS.ReadWriteStream; readonly read?: (chunk: unknown) => In }

/** Options of {@link differential}. */
export interface DifferentialOptions<In> extends RunOptions {
  /** The streams. Default: those that {@link hostileStreams} makes of the protocol's messages. */
  readonly bytes?: fc.Arbitrary<Uint8Array>
  /** Whether two messages mean the same. Default: structure, bytes by content. */
  readonly equals?: Equals<In>
  /** Whether two errors mean the same. Default: any two do. */
  readonly sameError?: (ours: DecodeError, theirs: unknown) => boolean
}

/**
 * Holds a protocol to a parser that is believed: the same messages, and an error where that has one, for every cut of any
 * bytes, the end of the stream included.
 *
 * ```
 *  61 0d | 0a 62      lines()      'a', 'b'
 *                     reference    'a\r', 'b'      broken: drawn, with the smallest bytes and cut
 * ```
 *
 * Rejects with `LawBroken`.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { differential } from '@sluice/testing'
 *
 * const parse = (bytes: Uint8Array) => {
 *   const parts = Buffer.from(bytes).toString('latin1').split('\n')
 *   const rest = parts.pop()
 *   const messages = parts.map((line) => line.replace(/\r$/, ''))
 *   return rest === '' ? { messages } : { messages, error: 'truncated' }
 * }
 * await differential(lines({ encoding: 'latin1' }), { parse }, { runs: 100 })
 * ```
 */
export const differential = <In, Out>(
  protocol: Protocol<In, Out>,
  reference: Reference<In>,
  options: DifferentialOptions<In> = {},
): Promise<void> => {
  const { bytes = hostileStreams(protocol, arbitraryOf(protocol)) } = options
  return holdsInTime(
    protocol.name,
    AS_REFERENCE,
    fc.record({ bytes, chunking: chunking() }),
    (one) => asReference(protocol, reference, one, options),
    options,
  )
}

/** R4: what a stream means is what the reference says it means, in one chunk, as given, and one byte at a time. */
const asReference = async <In, Out>(
  protocol: Protocol<In, Out>,
  reference: Reference<In>,
  { bytes, chunking: given }: { readonly bytes: Uint8Array; readonly chunking: Chunking },
  { equals, sameError = () => true }: DifferentialOptions<In> = {},
): Promise<LawResult> => {
  for (const cuts of [[], given, dripping(bytes.length)]) {
    const theirs = await ask(reference, bytes, cuts)
    const { messages, outcome } = decodeCut(protocol, bytes, cuts)
    const wrong = difference(theirs.messages, messages, equals)
    if (wrong !== null) return broken(AS_REFERENCE, `against the reference: ${wrong}`, bytes, cuts)
    const failed = outcome._tag === 'Failed' ? outcome.error : null
    const both = failed !== null && theirs.error !== undefined && sameError(failed, theirs.error)
    if (outcome._tag !== 'Misbehaved' && (both || (failed === null && theirs.error === undefined))) continue
    const said = theirs.error === undefined ? 'no error' : show(theirs.error)
    return broken(AS_REFERENCE, `the reference: ${said}\nand here: ${showOutcome(outcome)}`, bytes, cuts)
  }
  return held
}

const ask = async <In>(reference: Reference<In>, bytes: Uint8Array, cuts: Chunking): Promise<ReferenceResult<In>> => {
  if ('parse' in reference) return reference.parse(Uint8Array.from(bytes))
  const { chunks, error } = await pouredThrough(reference.stream(), cutAt(bytes, cuts))
  // without `read` what the stream gives is of that type: so says the type of the reference
  const messages = reference.read === undefined ? (chunks as ReadonlyArray<In>) : chunks.map(reference.read)
  return error === undefined ? { messages } : { messages, error }
}
