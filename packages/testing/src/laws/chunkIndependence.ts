import type { Protocol } from '@sluice/protocol'
import type { Chunking } from '../chunkings.ts'
import { dripping } from '../chunkings.ts'
import { decodeCut, difference } from '../internal/stream.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import { sameOutcome, showOutcome } from '../transcript.ts'

export const CHUNK_INDEPENDENCE: Law = {
  title: 'gives the same messages and the same error for every cut of any bytes',
  rule: 'R4',
}

/**
 * R4: what a stream means does not depend on how the network cut it, be it valid or not. The
 * measure is the stream in one chunk; held against it are the chunking given and one byte at a time.
 * Errors are the same if tag and every field are, but for the excerpt of bytes.
 */
export const chunkIndependence = <In, Out>(
  protocol: Protocol<In, Out>,
  given: { readonly bytes: Uint8Array; readonly chunking: Chunking },
): LawResult => {
  const { bytes } = given
  const whole = decodeCut(protocol, bytes, [])
  return firstBroken([given.chunking, dripping(bytes.length)], (chunking) => {
    const pieces = decodeCut(protocol, bytes, chunking)
    const wrong = difference(whole.messages, pieces.messages)
    if (wrong !== null) return broken(CHUNK_INDEPENDENCE, `against one chunk: ${wrong}`, bytes, chunking)
    if (sameOutcome(whole.outcome, pieces.outcome)) return held
    const detail = `in one chunk: ${showOutcome(whole.outcome)}\ncut as below: ${showOutcome(pieces.outcome)}`
    return broken(CHUNK_INDEPENDENCE, detail, bytes, chunking)
  })
}
