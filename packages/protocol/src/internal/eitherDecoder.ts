import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import type { Decoder } from '../protocol.ts'
import { Window } from './window.ts'

type Result = E.Either<DecodeError, void>

/** Two decoders of one stream, until it is clear whose it is. */
export class EitherDecoder<A, B> implements Decoder<E.Either<A, B>> {
  readonly #first: Decoder<A>
  readonly #second: Decoder<B>
  /** What came while the first has not decided. */
  readonly #kept = new Window(Infinity)
  #side: 'open' | 'first' | 'second' = 'open'
  #emit: (message: E.Either<A, B>) => boolean = () => true

  constructor(first: Decoder<A>, second: Decoder<B>) {
    this.#first = first
    this.#second = second
  }

  get buffered(): number {
    return (this.#side === 'second' ? this.#second : this.#first).buffered
  }

  push(chunk: Uint8Array, emit: (message: E.Either<A, B>) => boolean): Result {
    this.#emit = emit
    if (this.#side === 'second') return this.#second.push(chunk, this.#right)
    if (this.#side === 'open') this.#kept.append(chunk)
    const result = this.#first.push(chunk, this.#left)
    return E.isLeft(result) && this.#undecided() ? this.#toSecond() : result
  }

  end(emit: (message: E.Either<A, B>) => boolean): Result {
    this.#emit = emit
    if (this.#side === 'second') return this.#second.end(this.#right)
    // what the first has not refused by now is its own
    this.#toFirst()
    return this.#first.end(this.#left)
  }

  unread(): Uint8Array {
    this.#kept.clear()
    return (this.#side === 'second' ? this.#second : this.#first).unread()
  }

  #undecided(): boolean {
    return this.#side === 'open'
  }

  #toFirst(): void {
    if (this.#side === 'first') return
    this.#side = 'first'
    this.#kept.clear()
  }

  #toSecond(): Result {
    this.#side = 'second'
    const bytes = this.#kept.view()
    this.#kept.clear()
    return this.#second.push(bytes, this.#right)
  }

  readonly #left = (message: A): boolean => {
    this.#toFirst()
    return this.#emit(E.left(message))
  }

  readonly #right = (message: B): boolean => this.#emit(E.right(message))
}
