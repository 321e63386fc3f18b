import type { Protocol } from '@sluice/protocol'
import type { Chunking } from '../chunkings.ts'
import { cutAt, offsetView } from '../chunkings.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import { transcript } from '../transcript.ts'

export const SURVIVAL: Law = { title: 'never throws, loops or hoards, whatever the bytes', rule: 'R18' }

/**
 * R18: no input makes a decoder throw, emit without end, or grow. What it holds after a chunk (`buffered`) is
 * never more than it was fed, nor more than one frame limit plus that chunk (where `maxFrameBytes` is known).
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
  const decoder = protocol.decoder()
  let fed = 0
  return firstBroken(chunks.entries(), ([i, chunk]) => {
    const last = i === chunks.length - 1
    const { outcome } = transcript(decoder, [chunk], { end: last })
    if (outcome._tag === 'Misbehaved') return broken(SURVIVAL, outcome.what, bytes, chunking)
    fed += chunk.length
    const most = Math.min(maxFrameBytes + chunk.length, fed)
    if (decoder.buffered <= most) return held
    const detail = `${String(decoder.buffered)} bytes held after chunk ${String(i)}, at most ${String(most)} expected`
    return broken(SURVIVAL, detail, bytes, chunking)
  })
}
