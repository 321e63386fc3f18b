import * as E from 'fp-ts/lib/Either.js'
import type { EndResult, StepResult } from '../framing/step.ts'
import { frame, more, refuse } from '../framing/step.ts'
import type { Protocol } from '../protocol.ts'
import type { Parse } from './parseDecoder.ts'
import { endedWith, shifted } from './shifted.ts'
import { Turn } from './turn.ts'

/** One frame, of the first of two protocols that can read it. */
export class EitherParse<A, B> implements Parse<E.Either<A, B>> {
  readonly #first: Turn<A>
  readonly #second: Turn<B>
  #refused = false

  constructor(first: Protocol<A, never>, second: Protocol<B, never>) {
    this.#first = new Turn(first)
    this.#second = new Turn(second)
  }

  reset(): void {
    this.#first.reset()
    this.#second.reset()
    this.#refused = false
  }

  resume(bytes: Uint8Array, offset: number): StepResult<E.Either<A, B>> {
    if (!this.#refused) {
      const taken = this.#first.take(bytes)
      if (taken._tag === 'Message') return frame(E.left(taken.message), taken.length)
      if (taken._tag === 'Waiting') return more(0, 'frame')
      this.#refused = true
    }
    const taken = this.#second.take(bytes)
    if (taken._tag === 'Message') return frame(E.right(taken.message), taken.length)
    return taken._tag === 'Waiting' ? more(0, 'frame') : refuse(shifted(taken.error, offset))
  }

  end(bytes: Uint8Array, offset: number): EndResult<E.Either<A, B>> {
    if (bytes.length === 0) return { _tag: 'Nothing' }
    const taken = this.#refused ? this.#second.end() : this.#first.end()
    if (taken._tag === 'Error') return endedWith(taken.error, bytes, offset, 0)
    if (taken._tag === 'Waiting') return { _tag: 'Truncated' }
    return { _tag: 'Frame', message: this.#refused ? E.right(taken.message as B) : E.left(taken.message as A) }
  }
}
