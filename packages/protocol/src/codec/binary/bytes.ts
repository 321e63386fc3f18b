import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief, byteCount } from '../internal/brief.ts'
import type { CountOption } from '../internal/counting.ts'
import { countingOf } from '../internal/counting.ts'
import { dynamicPart, fixedPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

/**
 * Bytes: always so many, as many as a number in front says, as an earlier field says, or the rest of the frame. Read is a
 * view of the frame (R20).
 *
 * ```
 *  bytes(2)  ca fe      bytes(u8)  02 ca fe      bytes(rest)  ca fe …
 * ```
 *
 * Throws `WrongOption` for a count that is none.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * console.log(binary.bytes(binary.u8).decode(Uint8Array.of(2, 0xca, 0xfe))) // { _tag: 'Right', right: Uint8Array(2) [ 202, 254 ] }
 * ```
 */
export const bytes = (count: CountOption): Binary<Uint8Array> => {
  const counting = countingOf('bytes()', 'count', count)
  const layout = { _tag: 'Bytes', count: counting.count } as const
  if (typeof count === 'number') {
    return binaryCodec<Uint8Array>(
      fixedPart({
        layout,
        size: count,
        readAt: (input, at) => input.viewOf(at, at + count),
        writeAt: (output, at, value) => {
          if (value instanceof Uint8Array && value.length === count) output.bytes.set(value, at)
          else output.fail(at, byteCount(count), brief(value))
        },
      }),
    )
  }
  return binaryCodec<Uint8Array>(
    dynamicPart({
      layout,
      minBytes: counting.minBytes,
      maxBytes: Infinity,
      open: counting.count._tag === 'Rest',
      needs: counting.needs,
      read: (input) => {
        const length = counting.read(input)
        return length === undefined ? undefined : input.take(length)
      },
      write: (output, value) => {
        if (!(value instanceof Uint8Array)) return output.fail(output.at, 'bytes', brief(value))
        counting.write(output, value.length)
        const at = output.reserve(value.length)
        output.bytes.set(value, at)
        return undefined
      },
    }),
  )
}
