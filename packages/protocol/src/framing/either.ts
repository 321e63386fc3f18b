import * as E from 'fp-ts/lib/Either.js'
import { byteQueue } from '../byteQueue.ts'
import { EitherDecoder } from '../internal/eitherDecoder.ts'
import { EitherParse } from '../internal/eitherParse.ts'
import { choiceOption } from '../internal/options.ts'
import { parseDecoder } from '../internal/parseDecoder.ts'
import { notEncodable } from '../internal/refusal.ts'
import { DONE } from '../internal/stepDecoder.ts'
import { Turn } from '../internal/turn.ts'
import type { Protocol } from '../protocol.ts'

/** Options of {@link either}. */
export interface EitherOptions {
  /** For how long the choice holds. `connection` (default): for good. `message`: for one frame. */
  readonly per?: 'connection' | 'message'
}

/**
 * The first of two protocols that can read what comes: `first` is tried, and where it fails before a message of its own
 * `second` reads the same bytes from the beginning. Messages are `Left` of the first, `Right` of the second.
 *
 * ```
 *  bytes    C o n t e n t - L e n g t h : 2 CR LF CR LF { }      h i CR LF …
 *  emits    Left { headers: [], body: '{}' }                     Right 'hi'      (per: 'message')
 * ```
 *
 * Until the first has decided, the bytes are kept for the second: up to the limit of the first, and a chunk. Whichever
 * it is, that is slower than `firstByte`, which wants one byte to tell. A first that reads anything leaves the second
 * nothing: the stricter one goes first.
 *
 * Where neither can read, the error is that of the second. A FIN within a frame that the first has not refused
 * is its `Truncated`. Per message, nothing is remembered between frames (errors that are values count from theirs), and a `Right` that the
 * first would not refuse is `NotEncodable`. Per connection an encoder cannot know what came first: to begin with a
 * message that tells, and to stay on its side, is the sender's part.
 * Throws `WrongOption` for an unknown word.
 *
 * ```ts
 * import { either, headerFramed, lines } from '@sluice/protocol'
 *
 * either(headerFramed(), lines()).decoder().push(Buffer.from('hello\n'), (one) => {
 *   console.log(one._tag === 'Left' ? one.left.body : one.right) // hello
 *   return true
 * })
 * ```
 */
export const either = <A, B, AOut = A, BOut = B>(
  first: Protocol<A, AOut>,
  second: Protocol<B, BOut>,
  options: EitherOptions = {},
): Protocol<E.Either<A, B>, E.Either<AOut, BOut>> => {
  const perMessage = choiceOption('either()', 'per', options.per, ['connection', 'message']) === 'message'
  const name = `either(${first.name}, ${second.name}${perMessage ? `, { per: 'message' }` : ''})`
  return {
    name,
    decoder: () =>
      perMessage
        ? parseDecoder(Infinity, undefined, new EitherParse(first, second))
        : new EitherDecoder(first.decoder(), second.decoder()),
    encode: (message, out) => {
      if (E.isLeft(message)) return first.encode(message.left, out)
      if (!perMessage) return second.encode(message.right, out)
      const frame = byteQueue()
      const result = second.encode(message.right, frame)
      if (E.isLeft(result)) return result
      const bytes = frame.take()
      if (new Turn(first).take(bytes)._tag !== 'Error') {
        return notEncodable(name, message, `a frame that ${first.name} would read`)
      }
      out.bytes(bytes)
      return DONE
    },
  }
}
