import type { Protocol } from '@sluice/protocol'
import { byteQueue } from '@sluice/protocol'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Chunking } from '../chunkings.ts'
import { dripping } from '../chunkings.ts'
import { decodeCut } from '../internal/stream.ts'
import { show } from '../internal/same.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'
import { showOutcome } from '../transcript.ts'

export const LIMITS: Law = { title: 'takes a frame of its limit, and not one byte more, both ways', rule: 'R16' }

/** A framing whose limit can be chosen, and messages of any size on its wire. */
export interface Sized<In, Out> {
  /** The framing with that limit, failing where a frame is over it. */
  readonly protocol: (maxFrameBytes: number) => Protocol<In, Out>
  /** A message whose whole frame takes so many bytes on the wire. */
  readonly message: (frameBytes: number) => Out
  /** The smallest frame `message` can make, in bytes. */
  readonly from: number
}

/**
 * R16: the limit counts the whole frame on the wire, in both directions. A frame of exactly the limit is written
 * and read; of one byte more, writing is `TooLong` and writes nothing, and reading is `TooLong` by the
 * time `maxFrameBytes` bytes of it came, however they are cut.
 */
export const limits = <In, Out>(
  sized: Sized<In, Out>,
  given: { readonly maxFrameBytes: number; readonly chunking: Chunking },
): LawResult => {
  const { maxFrameBytes: limit, chunking } = given
  const protocol = sized.protocol(limit)
  const fits = frameOf(protocol, sized.message(limit))
  const over = frameOf(sized.protocol(limit + 1), sized.message(limit + 1))
  const wrong = (detail: string, bytes: Uint8Array, cuts: Chunking) =>
    broken(LIMITS, `limit ${String(limit)}: ${detail}`, bytes, cuts)
  if (fits.length !== limit) return wrong(`a frame of the limit was written as ${show(fits)}`, fits.bytes, [])
  if (over.length !== limit + 1) return wrong(`no frame one byte longer to try: ${show(over)}`, over.bytes, [])
  const refused = frameOf(protocol, sized.message(limit + 1))
  if (refused.error !== 'TooLong' || refused.length > 0) {
    return wrong(`writing one byte more should be TooLong and was ${show(refused)}`, refused.bytes, [])
  }
  return firstBroken([[], chunking, dripping(limit)], (cuts) => {
    const passed = decodeCut(protocol, fits.bytes, cuts)
    if (passed.messages.length !== 1 || passed.outcome._tag !== 'Well') {
      return wrong(`reading a frame of the limit: ${showOutcome(passed.outcome)}`, fits.bytes, cuts)
    }
    return firstBroken([over.bytes, over.bytes.subarray(0, limit)], (bytes) => {
      const { outcome, messages } = decodeCut(protocol, bytes, cuts, { end: false })
      const tooLong = outcome._tag === 'Failed' && outcome.error._tag === 'TooLong' && outcome.error.limit === limit
      if (tooLong && messages.length === 0) return held
      return wrong(`reading one byte more should be TooLong and was ${showOutcome(outcome)}`, bytes, cuts)
    })
  })
}

/** What one message is on the wire. */
const frameOf = <In, Out>(protocol: Protocol<In, Out>, message: Out) => {
  const out = byteQueue()
  const result = protocol.encode(message, out)
  const bytes = out.take()
  return { bytes, length: bytes.length, error: isLeft(result) ? result.left._tag : null }
}
