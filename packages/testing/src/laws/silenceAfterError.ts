import type { Decoder, Protocol } from '@sluice/protocol'
import { isLeft, tryCatch } from 'fp-ts/lib/Either.js'
import type { Chunking } from '../chunkings.ts'
import { cutAt, offsetView } from '../chunkings.ts'
import { Misbehaviour } from '../internal/listener.ts'
import { same, show } from '../internal/same.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import { transcript } from '../transcript.ts'

export const SILENCE_AFTER_ERROR: Law = { title: 'says nothing after its first error but that error', rule: 'R17' }

/**
 * R17: after its first error a decoder emits nothing and answers every call with that error, be it
 * more of the stream, a valid stream, no bytes at all, or the end. A stream without an error holds.
 */
export const silenceAfterError = <In, Out>(
  protocol: Protocol<In, Out>,
  given: {
    readonly bytes: Uint8Array
    readonly chunking: Chunking
    /** Bytes that mean something to a fresh decoder. */
    readonly valid: Uint8Array
  },
): LawResult => {
  const { bytes, chunking, valid } = given
  const decoder = protocol.decoder()
  const views = cutAt(bytes, chunking).map((chunk, i) => offsetView(chunk, i).chunk)
  const first = firstError(decoder, views)
  if (first === null) return held
  const after: ReadonlyArray<readonly [string, () => ReturnType<Decoder<In>['end']>]> = [
    ...[...views, valid, new Uint8Array(0), valid].map(
      (chunk) => [`push of ${show(chunk)}`, () => decoder.push(chunk, emit)] as const,
    ),
    ['end', () => decoder.end(emit)],
    ['push after the end', () => decoder.push(valid, emit)],
  ]
  return firstBroken(after, ([name, call]) => {
    const result = tryCatch(call, (thrown) => (thrown instanceof Misbehaviour ? thrown.message : show(thrown)))
    if (isLeft(result)) return broken(SILENCE_AFTER_ERROR, `${name} ${result.left}`, bytes, chunking)
    const now = result.right
    if (isLeft(now) && same(now.left, first)) return held
    const answer = isLeft(now) ? show(now.left) : 'no error'
    return broken(SILENCE_AFTER_ERROR, `first ${show(first)}\n${name} answered ${answer}`, bytes, chunking)
  })
}

/** Nobody is to be told anything any more. */
const emit = (message: unknown): never => {
  throw new Misbehaviour(`emitted ${show(message)}`)
}

/** The first error of the chunks and the end, or null. */
const firstError = <In>(decoder: Decoder<In>, chunks: ReadonlyArray<Uint8Array>) => {
  const { outcome } = transcript(decoder, chunks)
  return outcome._tag === 'Failed' ? outcome.error : null
}
