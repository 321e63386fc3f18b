import type { Decoder, Protocol } from '@sluice/protocol'
import type { Chunking } from '../chunkings.ts'
import { cutAt, offsetView } from '../chunkings.ts'
import { listener } from '../internal/listener.ts'
import type { Equals } from '../internal/stream.ts'
import { difference, streamOf } from '../internal/stream.ts'
import { same, show } from '../internal/same.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import { showOutcome, transcript } from '../transcript.ts'

export const UNREAD_BYTES: Law = { title: 'hands back exactly the bytes no frame has taken', rule: 'R4' }

/** A case of {@link unreadBytes}. */
export interface UnreadCase<In, Out> {
  readonly messages: ReadonlyArray<Out>
  readonly chunking: Chunking
  readonly read: (sent: Out) => In
  readonly equals?: Equals<In>
  /** From this message on, counted from 1, `emit` answers false. */
  readonly take: number
}

/**
 * R4, where one protocol gives way to another: the frames taken and what `unread` hands back are the bytes fed,
 * no byte lost or doubled. Fed to a fresh decoder they give the other messages; the decoder
 * itself is at a border again.
 *
 * ```
 *  61 0a 62 0a 63      one message taken, then unread     62 0a 63
 * ```
 */
export const unreadBytes = <In, Out>(protocol: Protocol<In, Out>, given: UnreadCase<In, Out>): LawResult => {
  const stream = streamOf(UNREAD_BYTES, protocol, given.messages)
  if ('_tag' in stream) return stream
  const { bytes, borders } = stream
  const expected = given.messages.map(given.read)
  const chunks = cutAt(bytes, given.chunking).map((chunk, i) => offsetView(chunk, i).chunk)
  return firstBroken(chunks.keys(), (i) => {
    const fed = chunks.slice(0, i + 1).reduce((sum, chunk) => sum + chunk.length, 0)
    const wrong = (detail: string) => broken(UNREAD_BYTES, detail, bytes, given.chunking)
    const decoder = protocol.decoder()
    const before = takeSome(decoder, chunks.slice(0, i + 1), given.take)
    const buffered = decoder.buffered
    const unread = decoder.unread()
    const from = borders[before.length - 1] ?? 0
    if (!same(unread, bytes.subarray(from, Math.max(from, fed)))) {
      return wrong(`${String(before.length)} messages of ${String(fed)} bytes, then unread ${show(unread)}`)
    }
    if (buffered !== unread.length || decoder.buffered !== 0) {
      const counts = [buffered, unread.length, decoder.buffered].map(String)
      return wrong(
        `buffered said ${String(counts[0])}, unread gave ${String(counts[1])}, and left ${String(counts[2])}`,
      )
    }
    const atBorder = transcript(decoder, [])
    if (atBorder.messages.length > 0 || atBorder.outcome._tag !== 'Well') {
      return wrong(`after unread the decoder is at no border: ${showOutcome(atBorder.outcome)}`)
    }
    const after = transcript(protocol.decoder(), [unread, Uint8Array.from(bytes.subarray(fed))])
    const problem = difference(expected, [...before, ...after.messages], given.equals)
    return problem === null ? held : wrong(`unread after ${String(fed)} bytes: ${problem}`)
  })
}

/** Feeds chunks; from the last message wanted on, `emit` answers false. */
const takeSome = <In>(decoder: Decoder<In>, chunks: ReadonlyArray<Uint8Array>, wanted: number): ReadonlyArray<In> => {
  const { messages, emit } = listener<In>(chunks)
  for (const chunk of chunks) decoder.push(chunk, (message) => emit(message) && messages.length < wanted)
  return messages
}
