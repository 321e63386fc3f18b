import * as E from 'fp-ts/lib/Either.js'
import { ThenDecoder } from '../internal/thenDecoder.ts'
import type { Protocol } from '../protocol.ts'

/**
 * First one frame of `first`, then `second` for ever: a greeting, a PROXY header, an upgrade. Messages are `Left` of the
 * first, which comes once, and `Right` of the second.
 *
 * ```
 *  bytes    P R O X Y _ … CR LF      h i LF       h o LF
 *  emits    Left 'PROXY …'           Right 'hi'   Right 'ho'
 * ```
 *
 * What lies behind the first frame in its chunk goes to the second, each byte once. A FIN before the first frame, and
 * right behind it, is at a border. Written is each message by its own protocol; an encoder does not know what went
 * before: that the `Left` comes first, and once, is the sender's part.
 *
 * It is not called `then`: a module with such an export is taken for a promise, and `await import()` of it never ends.
 *
 * Errors are those of the two protocols, with offsets from the beginning of the stream.
 *
 * ```ts
 * import { andThen, lines } from '@sluice/protocol'
 *
 * const greeted = andThen(lines({ ending: 'strict', maxFrameBytes: 107 }), lines())
 * greeted.decoder().push(Buffer.from('PROXY UNKNOWN\r\nhi\n'), (one) => {
 *   console.log(one._tag === 'Left' ? one.left : one.right) // PROXY UNKNOWN
 *   // hi
 *   return true
 * })
 * ```
 */
export const andThen = <A, B, AOut = A, BOut = B>(
  first: Protocol<A, AOut>,
  second: Protocol<B, BOut>,
): Protocol<E.Either<A, B>, E.Either<AOut, BOut>> => ({
  name: `andThen(${first.name}, ${second.name})`,
  decoder: () => new ThenDecoder(first.decoder(), second),
  encode: (message, out) => (E.isLeft(message) ? first.encode(message.left, out) : second.encode(message.right, out)),
})
