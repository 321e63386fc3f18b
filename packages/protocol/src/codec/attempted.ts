import type * as E from 'fp-ts/lib/Either.js'
import type { Codec } from './codec.ts'
import { asValues } from './internal/sequence.ts'
import type { Invalid } from './invalid.ts'

/**
 * Errors of reading as values: what is decoded is `Right`, a frame that is no message a `Left`, and the stream goes on
 * behind it. For its frame is whole: only what it means is wrong.
 *
 * ```
 *  frames    '1'        'x'              '2'
 *  emits     Right 1    Left Invalid     Right 2        through(attempted(json()))
 * ```
 *
 * `skipping` drops them with a word to whoever wants to know. Errors of sending stay as they are. What `attempt` is to a
 * protocol, whose first error is the last.
 *
 * ```ts
 * import { attempted, json, lines, skipping, through } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const onSkipped = (error: Error) => console.log(error.message) // the frame at offset 2 is no json(): …
 * const good = skipping(pipe(lines(), through(attempted(json()))), { onSkipped })
 * good.decoder().push(Buffer.from('1\nx\n2\n'), (value) => {
 *   console.log(value) // 1
 *   // 2
 *   return true
 * })
 * ```
 */
export const attempted = <Wire, A, B>(codec: Codec<Wire, A, B>): Codec<Wire, E.Either<Invalid, A>, B> => {
  const self: Codec<Wire, E.Either<Invalid, A>, B> = {
    get name() {
      return `attempted(${codec.name})`
    },
    decode: asValues(codec.decode),
    encode: codec.encode,
  }
  return self
}
