import type { Protocol } from '@sluice/protocol'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Chunking } from '../chunkings.ts'
import { cutAt, offsetView } from '../chunkings.ts'
import { listener } from '../internal/listener.ts'
import { decodeCut, difference } from '../internal/stream.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'

export const ISOLATION: Law = { title: 'keeps the connections it serves apart', rule: 'R12' }

/**
 * R12, as far as it is the protocol's: it is a value, and all state is in the decoder. Two streams fed in turns
 * to two decoders of one protocol give what each gives alone.
 */
export const isolation = <In, Out>(
  protocol: Protocol<In, Out>,
  given: { readonly streams: readonly [Uint8Array, Uint8Array]; readonly chunking: Chunking },
): LawResult => {
  const { streams, chunking } = given
  const sides = streams.map((bytes) => {
    const chunks = cutAt(bytes, chunking).map((chunk, i) => offsetView(chunk, i).chunk)
    const { messages, emit } = listener<In>(chunks)
    const decoder = protocol.decoder()
    let failed = false
    const push = (chunk: Uint8Array) => (failed ||= isLeft(decoder.push(chunk, emit)))
    return { bytes, messages, chunks, push }
  })
  const turns = Math.max(...sides.map(({ chunks }) => chunks.length))
  for (let turn = 0; turn < turns; turn++) {
    for (const { chunks, push } of sides) push(chunks[turn] ?? new Uint8Array(0))
  }
  return firstBroken(sides, ({ bytes, messages }) => {
    const alone = decodeCut(protocol, bytes, chunking, { end: false })
    const wrong = difference(alone.messages, messages)
    return wrong === null ? held : broken(ISOLATION, `beside another connection: ${wrong}`, bytes, chunking)
  })
}
