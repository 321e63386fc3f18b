import { inFrame } from '../codec/invalid.ts'
import type { DecodeError } from '../errors.ts'
import { Malformed, TooLong, Truncated } from '../errors.ts'
import type { EndResult } from '../framing/step.ts'

/** The error of a decoder that was fed from the middle of a stream, with offsets from the beginning of it. */
export const shifted = (error: DecodeError, by: number): DecodeError => {
  if (by === 0) return error
  const offset = error.offset + by
  switch (error._tag) {
    case 'Malformed':
      return new Malformed({ what: error.what, at: error.at + by, bytes: error.bytes, offset })
    case 'TooLong': {
      const { limit, announced, seen, bytes, fault } = error
      return new TooLong({ limit, announced, seen, bytes, offset, fault })
    }
    case 'Truncated': {
      const { phase, got, expected, bytes } = error
      return new Truncated({ phase, got, expected, bytes, offset })
    }
    case 'Invalid':
      return inFrame(error, error.frame, offset)
  }
}

/**
 * What a FIN makes of a frame whose part, from its byte `start` on, is in error: where that is cut off the whole frame
 * is, which begins at `offset` and of which `bytes` came.
 */
export const endedWith = (error: DecodeError, bytes: Uint8Array, offset: number, start: number): EndResult<never> => {
  if (error._tag !== 'Truncated') return { _tag: 'Refuse', error: shifted(error, offset + start) }
  const expected = error.expected === undefined ? undefined : error.expected + start
  return {
    _tag: 'Refuse',
    error: new Truncated({ phase: error.phase, got: bytes.length, expected, bytes, offset }),
  }
}
