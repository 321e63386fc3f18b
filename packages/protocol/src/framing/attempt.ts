import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import { DONE } from '../internal/stepDecoder.ts'
import type { Decoder, Protocol } from '../protocol.ts'

/**
 * Errors as values: messages are `Right`, and the first error is the last message, a `Left`. Whatever comes behind it is
 * dropped, and no call of the decoder fails any more: so whoever handles the messages says what an error means.
 *
 * ```
 *  bytes    a n n LF     ff LF              h i LF
 *  emits    Right ann    Left Malformed
 * ```
 *
 * A FIN inside a frame is such a value too: `Left Truncated`, the last message. Errors of encoding stay as they are: they
 * are of a message, not of the stream.
 *
 * ```ts
 * import { attempt, lines } from '@sluice/protocol'
 *
 * const decoder = attempt(lines()).decoder()
 * const result = decoder.push(Buffer.from('ann\n\xff\nhi\n', 'latin1'), (one) => {
 *   console.log(one._tag === 'Left' ? one.left.name : one.right) // ann
 *   // Malformed
 *   return true
 * })
 * console.log(result._tag) // Right
 * ```
 */
export const attempt = <In, Out>(protocol: Protocol<In, Out>): Protocol<E.Either<DecodeError, In>, Out> => ({
  name: `attempt(${protocol.name})`,
  decoder: () => new AttemptDecoder(protocol.decoder()),
  encode: protocol.encode,
})

class AttemptDecoder<In> implements Decoder<E.Either<DecodeError, In>> {
  readonly #inner: Decoder<In>
  #failed = false
  #emit: (message: E.Either<DecodeError, In>) => boolean = () => true

  constructor(inner: Decoder<In>) {
    this.#inner = inner
  }

  get buffered(): number {
    return this.#inner.buffered
  }

  push(chunk: Uint8Array, emit: (message: E.Either<DecodeError, In>) => boolean): E.Either<DecodeError, void> {
    this.#emit = emit
    return this.#failed ? DONE : this.#value(this.#inner.push(chunk, this.#right))
  }

  end(emit: (message: E.Either<DecodeError, In>) => boolean): E.Either<DecodeError, void> {
    this.#emit = emit
    return this.#failed ? DONE : this.#value(this.#inner.end(this.#right))
  }

  unread(): Uint8Array {
    return this.#inner.unread()
  }

  #value(result: E.Either<DecodeError, void>): E.Either<DecodeError, void> {
    if (E.isRight(result)) return DONE
    this.#failed = true
    this.#emit(result)
    return DONE
  }

  readonly #right = (message: In): boolean => this.#emit(E.right(message))
}
