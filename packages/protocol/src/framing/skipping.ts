import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from 'fp-ts/lib/Either.js'
import { forwarding } from '../internal/forwarding.ts'
import type { Protocol } from '../protocol.ts'

/** Options of {@link skipping}. */
export interface SkippingOptions<E> {
  /** Told of each frame that is dropped. It must not throw. */
  readonly onSkipped: (error: E) => void
}

/**
 * The good frames of a protocol that knows bad ones as values, and goes on behind them; the bad ones are dropped, and
 * told to `onSkipped`. Only where the framing can find the next frame is that possible, and such a framing says so by its
 * messages: `Either`, as of `lines({ tooLong: 'value' })`. Others do not fit the type.
 *
 * ```
 *  bytes    a n n LF   ff LF                      h i LF
 *  inner    Right ann  Left Malformed             Right hi
 *  emits    'ann'      (onSkipped: Malformed)     'hi'
 * ```
 *
 * Of `attempt(protocol)` it leaves a stream that just falls silent at its first error: rarely what is wanted.
 *
 * Errors are those of the protocol.
 *
 * ```ts
 * import { lines, skipping } from '@sluice/protocol'
 *
 * const onSkipped = (error: Error) => console.log(error.name) // Malformed
 * const good = skipping(lines({ invalidText: 'value' }), { onSkipped })
 * good.decoder().push(Buffer.from('ann\n\xff\nhi\n', 'latin1'), (line) => {
 *   console.log(line) // ann
 *   // hi
 *   return true
 * })
 * ```
 */
export const skipping = <E, A, B>(protocol: Protocol<Either<E, A>, B>, options: SkippingOptions<E>): Protocol<A, B> => {
  const { onSkipped } = options
  return {
    name: `skipping(${protocol.name})`,
    decoder: () =>
      forwarding(protocol.decoder(), (message: Either<E, A>, emit) => {
        if (!isLeft(message)) return emit(message.right)
        onSkipped(message.left)
        return true
      }),
    encode: protocol.encode,
  }
}
