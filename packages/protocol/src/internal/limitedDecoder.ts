import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import { Malformed } from '../errors.ts'
import type { Decoder } from '../protocol.ts'
import { ERROR_BYTES } from './stepDecoder.ts'

/** The options of `limited`, checked. */
export interface FrameLimits {
  readonly framesPerDispatch: number
  readonly framesPerSecond: number
  readonly now: () => number
}

type Result = E.Either<DecodeError, void>

const NOTHING = new Uint8Array(0)

/** Counts the frames of another decoder. */
export class LimitedDecoder<In> implements Decoder<In> {
  readonly #inner: Decoder<In>
  readonly #limits: FrameLimits
  #emit: (message: In) => boolean = () => true
  /** Bytes pushed so far, and the last of them. */
  #fed = 0
  #chunk: Uint8Array = NOTHING
  /** Frames of that chunk. */
  #frames = 0
  #tokens: number
  #filledAt = NaN
  /** Where the next frame begins in the stream, once it would be too many. */
  #next = 0
  #broken: string | null = null
  #failure: Result | null = null

  constructor(inner: Decoder<In>, limits: FrameLimits) {
    this.#inner = inner
    this.#limits = limits
    this.#tokens = limits.framesPerSecond
  }

  get buffered(): number {
    return this.#inner.buffered
  }

  push(chunk: Uint8Array, emit: (message: In) => boolean): Result {
    if (this.#failure !== null) return this.#failure
    if (chunk.length > 0) {
      this.#fed += chunk.length
      this.#chunk = chunk
      this.#frames = 0
    }
    this.#begin(emit)
    return this.#answer(this.#inner.push(chunk, this.#count))
  }

  end(emit: (message: In) => boolean): Result {
    if (this.#failure !== null) return this.#failure
    this.#begin(emit)
    return this.#answer(this.#inner.end(this.#count))
  }

  unread(): Uint8Array {
    return this.#inner.unread()
  }

  #begin(emit: (message: In) => boolean): void {
    this.#emit = emit
    this.#fill()
  }

  /** Tokens come back with time. */
  #fill(): void {
    const { framesPerSecond, now } = this.#limits
    const at = now()
    const elapsedMs = Math.max(0, at - this.#filledAt)
    if (elapsedMs > 0) this.#tokens = Math.min(framesPerSecond, this.#tokens + (elapsedMs / 1000) * framesPerSecond)
    this.#filledAt = at
  }

  readonly #count = (message: In): boolean => {
    const { framesPerDispatch, framesPerSecond } = this.#limits
    if (this.#tokens < 1) this.#fill()
    if (this.#frames === framesPerDispatch)
      this.#broken = `more than ${String(framesPerDispatch)} frames in one dispatch`
    else if (this.#tokens < 1) this.#broken = `more than ${String(framesPerSecond)} frames in a second`
    if (this.#broken !== null) return false
    this.#frames++
    this.#tokens--
    if (this.#frames === framesPerDispatch || this.#tokens < 1) this.#next = this.#fed - this.#inner.buffered
    return this.#emit(message)
  }

  #answer(result: Result): Result {
    if (this.#broken === null) {
      if (this.#inner.buffered === 0) this.#chunk = NOTHING
      return result
    }
    const chunkAt = this.#fed - this.#chunk.length
    const taken = this.#chunk.length - this.#inner.unread().length
    const from = Math.max(0, this.#next - chunkAt)
    const bytes = this.#chunk.slice(from, Math.min(from + ERROR_BYTES, taken))
    this.#chunk = NOTHING
    const at = this.#next
    this.#failure = E.left(new Malformed({ what: this.#broken, at, bytes, offset: at }))
    return this.#failure
  }
}
