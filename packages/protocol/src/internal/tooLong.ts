import { TooLong } from '../errors.ts'
import type { NoFrame } from '../framing/step.ts'
import { refuse } from '../framing/step.ts'
import { ERROR_BYTES } from './stepDecoder.ts'

/** A part of the frame has no end within its own limit, which is below that of the frame. */
export const partTooLong = (limit: number, bytes: Uint8Array, offset: number): NoFrame =>
  refuse(
    new TooLong({
      limit,
      seen: limit,
      bytes: bytes.slice(0, Math.min(ERROR_BYTES, limit)),
      offset,
      fault: 'remote',
    }),
  )
