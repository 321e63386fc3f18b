import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import type { Decoder, Protocol } from '../protocol.ts'
import { shifted } from './shifted.ts'
import { DONE } from './stepDecoder.ts'

type Result = E.Either<DecodeError, void>

const NOTHING = new Uint8Array(0)

/** One message of the first decoder, then the second from the next byte on. */
export class ThenDecoder<A, B> implements Decoder<E.Either<A, B>> {
  readonly #first: Decoder<A>
  readonly #protocol: Protocol<B, never>
  #second: Decoder<B> | null = null
  /** Bytes pushed so far, then where the second begins in the stream. */
  #base = 0
  /** What the second is still to be given: nothing, but where it was the first message that stopped. */
  #pending: Uint8Array = NOTHING
  #emit: (message: E.Either<A, B>) => boolean = () => true
  #stopped = false
  /** The first message, once it has come. */
  #greeting: E.Either<null, A> = E.left(null)
  #failure: Result | null = null

  constructor(first: Decoder<A>, second: Protocol<B, never>) {
    this.#first = first
    this.#protocol = second
  }

  get buffered(): number {
    return this.#second === null ? this.#first.buffered : this.#pending.length + this.#second.buffered
  }

  push(chunk: Uint8Array, emit: (message: E.Either<A, B>) => boolean): Result {
    if (this.#failure !== null) return this.#failure
    this.#emit = emit
    if (this.#second !== null) return this.#toSecond(this.#second, chunk)
    this.#base += chunk.length
    return this.#switched(this.#first.push(chunk, this.#left))
  }

  end(emit: (message: E.Either<A, B>) => boolean): Result {
    if (this.#failure !== null) return this.#failure
    this.#emit = emit
    this.#stopped = false
    const result = this.#second === null ? this.#switched(this.#first.end(this.#left)) : DONE
    const second = this.#second
    if (E.isLeft(result) || this.#stopped || second === null) return result
    const pushed = this.#toSecond(second, NOTHING)
    return E.isLeft(pushed) || this.#stopped ? pushed : this.#answer(second.end(this.#right))
  }

  unread(): Uint8Array {
    if (this.#second === null) return this.#first.unread()
    const pending = this.#pending
    this.#pending = NOTHING
    return pending.length === 0 ? this.#second.unread() : pending
  }

  /** Goes on with the second if the first message has come. */
  #switched(result: Result): Result {
    if (E.isLeft(this.#greeting)) return this.#answer(result)
    this.#pending = this.#first.unread()
    this.#base -= this.#pending.length
    const second = this.#protocol.decoder()
    const greeting = E.left(this.#greeting.right)
    this.#second = second
    this.#greeting = E.left(null)
    this.#stopped = !this.#emit(greeting)
    return this.#stopped ? DONE : this.#toSecond(second, NOTHING)
  }

  #toSecond(second: Decoder<B>, chunk: Uint8Array): Result {
    const pending = this.#pending
    this.#pending = NOTHING
    this.#stopped = false
    return this.#answer(second.push(pending.length === 0 ? chunk : Buffer.concat([pending, chunk]), this.#right))
  }

  /** The first error is the last word (R17). */
  #answer(result: Result): Result {
    if (E.isRight(result)) return result
    this.#failure = this.#second === null ? result : E.left(shifted(result.left, this.#base))
    return this.#failure
  }

  readonly #left = (message: A): boolean => {
    this.#greeting = E.right(message)
    return false
  }

  readonly #right = (message: B): boolean => {
    this.#stopped = !this.#emit(E.right(message))
    return !this.#stopped
  }
}
