import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../../errors.ts'
import type { Decoder } from '../../protocol.ts'
import type { Invalid } from '../invalid.ts'
import { inFrame } from '../invalid.ts'

type Result = E.Either<DecodeError, void>

/** The frames of another decoder, decoded each. It knows where a frame begins: where the one before it ended. */
export class ThroughDecoder<Wire, A> implements Decoder<A> {
  readonly copies: boolean
  readonly #inner: Decoder<Wire>
  readonly #decode: (wire: Wire, offset: number) => E.Either<Invalid, A>
  readonly #isNothing: ((frame: Wire) => boolean) | undefined
  #emit: (message: A) => boolean = () => true
  /** Bytes pushed so far, and how many of them the frames so far have taken. */
  #fed = 0
  #border = 0
  #failure: Result | null = null

  constructor(
    inner: Decoder<Wire>,
    decode: (wire: Wire, offset: number) => E.Either<Invalid, A>,
    isNothing: ((frame: Wire) => boolean) | undefined,
  ) {
    this.#inner = inner
    this.copies = inner.copies === true
    this.#decode = decode
    this.#isNothing = isNothing
  }

  get buffered(): number {
    return this.#inner.buffered
  }

  push(chunk: Uint8Array, emit: (message: A) => boolean): Result {
    if (this.#failure !== null) return this.#failure
    this.#fed += chunk.length
    this.#emit = emit
    return this.#answer(this.#inner.push(chunk, this.#forward))
  }

  end(emit: (message: A) => boolean): Result {
    if (this.#failure !== null) return this.#failure
    this.#emit = emit
    return this.#answer(this.#inner.end(this.#forward))
  }

  unread(): Uint8Array {
    this.#border = this.#fed
    return this.#inner.unread()
  }

  readonly #forward = (frame: Wire): boolean => {
    if (this.#isNothing?.(frame) === true) {
      this.#border = this.#fed - this.#inner.buffered
      return true
    }
    const result = this.#decode(frame, this.#border)
    if (E.isLeft(result)) {
      this.#failure = E.left(inFrame(result.left, frame, this.#border))
      return false
    }
    this.#border = this.#fed - this.#inner.buffered
    return this.#emit(result.right)
  }

  /** The first error is the last word, and nothing is kept behind it (R17, R18). */
  #answer(result: Result): Result {
    if (this.#failure === null) return result
    this.#inner.unread()
    return this.#failure
  }
}
