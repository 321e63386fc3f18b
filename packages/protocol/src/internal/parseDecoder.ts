import type { EndResult, StepResult } from '../framing/step.ts'
import type { Decoder } from '../protocol.ts'
import { stepDecoder } from './stepDecoder.ts'

/**
 * The parse of one frame that remembers how far it came, so that a frame in many pieces is linear work. What it
 * remembers is a cache: from {@link Parse.reset} on it says the same of the same bytes.
 */
export interface Parse<A, S = undefined> {
  /** A frame begins: forget the one before. */
  reset(): void
  /** As a step: `bytes` begin where the frame does, and are never fewer than in the call before. */
  resume(bytes: Uint8Array, offset: number, state: S): StepResult<A, S>
  /** What a FIN makes of unread bytes; as the engine unless given. */
  end?(bytes: Uint8Array, offset: number, state: S): EndResult<A>
}

/** A decoder around a parse of its own. */
export const parseDecoder = <A, S>(maxFrameBytes: number, initial: S, parse: Parse<A, S>): Decoder<A> => {
  let frameAt = -1
  // a frame is known by where it begins: every frame, and all that is taken out unread, is at least one byte
  const begin = (offset: number) => {
    if (offset !== frameAt) parse.reset()
    frameAt = offset
  }
  const end = parse.end?.bind(parse)
  return stepDecoder<A, S>({
    maxFrameBytes,
    initial,
    step: (bytes, _scanned, state, offset) => {
      begin(offset)
      return parse.resume(bytes, offset, state)
    },
    ...(end === undefined
      ? {}
      : {
          end: (bytes: Uint8Array, state: S, offset: number) => {
            begin(offset)
            return end(bytes, offset, state)
          },
        }),
  })
}
