import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import type { Input } from '../internal/input.ts'
import type { Output } from '../internal/output.ts'
import { dynamicPart, fixedPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

/**
 * Names a part: errors inside of it have the name in their path, and documentation shows it.
 *
 * ```
 *  tuple(u8, pipe(bool, withContext('ready')))        01 07 ▶ Invalid: [1].ready: expected 0 or 1, got 7 at 1
 * ```
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const { bool, tuple, u8, withContext } = binary
 * const wrong = tuple(u8, pipe(bool, withContext('ready'))).decode(Uint8Array.of(1, 7))
 * console.log(wrong._tag === 'Left' ? wrong.left.issues[0]?.path : []) // [ 1, 'ready' ]
 * ```
 */
export const withContext =
  (name: string) =>
  <A, B>(codec: Binary<A, B>): Binary<A, B> => {
    const part = partOf('withContext()', 'codec', codec)
    const layout = { _tag: 'Context', name, of: part.layout } as const
    const named = <R>(to: Input | Output, run: () => R): R => {
      const value = run()
      to.within(name)
      return value
    }
    if (part.size !== null) {
      return binaryCodec<A, B>(
        fixedPart({
          ...part,
          layout,
          readAt: (input, at) => named(input, () => part.readAt(input, at)),
          writeAt: (output, at, value) => named(output, () => part.writeAt(output, at, value)),
          short: (input, at) => named(input, () => part.short(input, at)),
        }),
      )
    }
    return binaryCodec<A, B>(
      dynamicPart({
        ...part,
        layout,
        read: (input) => named(input, () => part.read(input)),
        write: (output, value) => named(output, () => part.write(output, value)),
      }),
    )
  }
