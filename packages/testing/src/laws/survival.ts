import type { Protocol } from '@sluice/protocol'
import type { Chunking } from '../chunkings.ts'
import { cutAt, offsetView } from '../chunkings.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import { transcript } from '../transcript.ts'

export const SURVIVAL: Law = { title: 'never throws, loops or hoards, whatever the bytes', rule: 'R18' }

/**
 * R18: no input makes a decoder throw, emit without end, or grow. What it retains, measured by
 * `unread` after every chunk, is never more than it was fed, nor more than one frame limit plus one chunk
 * (where `maxFrameBytes` says the limit).
 */
export const survival = <In, Out>(
  protocol: Protocol<In, Out>,
  given: {
    readonly bytes: Uint8Array
    readonly chunking: Chunking
    /** The limit of a frame in bytes, where the protocol has one. */
    readonly maxFrameBytes?: number | undefined
  },
): LawResult => {
  const { bytes, chunking, maxFrameBytes = Infinity } = given
  const chunks = cutAt(bytes, chunking).map((chunk, i) => offsetView(chunk, i).chunk)
  const { outcome } = transcript(protocol.decoder(), chunks)
  if (outcome._tag === 'Misbehaved') return broken(SURVIVAL, outcome.what, bytes, chunking)
  return firstBroken(chunks.entries(), ([i, last]) => {
    const fed = chunks.slice(0, i + 1)
    const decoder = protocol.decoder()
    transcript(decoder, fed, { end: false })
    const retained = decoder.unread().length
    const most = Math.min(
      maxFrameBytes + last.length,
      fed.reduce((sum, chunk) => sum + chunk.length, 0),
    )
    if (retained <= most) return held
    const detail = `${String(retained)} bytes retained after chunk ${String(i)}, at most ${String(most)} expected`
    return broken(SURVIVAL, detail, bytes, chunking)
  })
}
