import { fastLengths } from '../internal/fastLengths.ts'
import { LENGTH_KINDS } from '../internal/lengthKind.ts'
import { wholeOption } from '../internal/options.ts'
import { NO_BYTES, notEncodable } from '../internal/refusal.ts'
import { DONE, stepDecoder } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import type { Step } from './step.ts'
import { frame, need } from './step.ts'

/**
 * Frames of `bytes` bytes each, with nothing around them.
 *
 * ```
 *  bytes    a b c d e f g         fixedLength(3)
 *  emits    'abc' 'def'           unread: g
 * ```
 *
 * The size is the limit as well: there is no other frame. Frames are views of the chunk they came in (R20).
 *
 * Errors while decoding: `Truncated` (FIN inside a frame; the `remote` side's fault). While encoding, `local`:
 * `NotEncodable` (a message of any other size). Throws `WrongOption` if `bytes` is no positive integer.
 *
 * ```ts
 * import { fixedLength } from '@sluice/protocol'
 *
 * const seen: string[] = []
 * fixedLength(3).decoder().push(Buffer.from('abcdefg'), (frame) => {
 *   seen.push(Buffer.from(frame).toString())
 *   return true
 * })
 * console.log(seen) // [ 'abc', 'def' ]
 * ```
 */
export const fixedLength = (bytes: number): Protocol<Uint8Array> => {
  const name = `fixedLength(${String(bytes)})`
  const size = wholeOption(name, 'bytes', bytes, bytes, { least: 1 })
  const step: Step<Uint8Array> = (unread) =>
    unread.length < size ? need(size, 'frame') : frame(unread.subarray(0, size), size)
  const plain = { maxFrameBytes: size, initial: undefined, step }
  const measure = { kind: LENGTH_KINDS.none, header: 0, offset: 0, extra: size, from: 0, maxFrameBytes: size }
  return {
    name,
    decoder: () => fastLengths(measure, stepDecoder(plain)),
    encode: (message, out) => {
      if (!(message instanceof Uint8Array)) return notEncodable(name, message, NO_BYTES)
      if (message.length !== size) {
        return notEncodable(
          name,
          message,
          `it has ${String(message.length)} bytes, where every frame has ${String(size)}`,
        )
      }
      out.bytes(message)
      return DONE
    },
  }
}
