import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import type { Decoder } from '../protocol.ts'
import type { LengthKind } from './lengthKind.ts'
import { lengthAt } from './lengthKind.ts'
import type { StepDecoder } from './stepDecoder.ts'
import { DONE } from './stepDecoder.ts'

const NOTHING = new Uint8Array(0)

type Emit = (frame: Uint8Array) => boolean

/** How frames are measured: what the inner loop looks at. */
export interface Measure {
  readonly kind: LengthKind
  /** Bytes up to the end of the length. */
  readonly header: number
  /** Where the length stands. */
  readonly offset: number
  /** A frame takes as many bytes as its length says and so many more. */
  readonly extra: number
  /** Where the message begins in a frame. */
  readonly from: number
  readonly maxFrameBytes: number
}

/**
 * The whole-chunk path for frames that say their size in front: those that lie whole in a chunk are
 * views of it, made in one loop. Whatever is unusual (a frame across chunks, a length that is wrong
 * or over the limit, the end of the stream) goes through the plain decoder, so there is one
 * definition of it; it is fed no more than the frame it is in.
 *
 * ```
 *  chunk   c d  02 a b  01 c  00  05 a b
 *          ───  ────────────────  ──────
 *     plain: ends   fast: views   plain: keeps it
 *     a frame
 * ```
 */
export const fastLengths = (measure: Measure, plain: StepDecoder<Uint8Array, undefined>): Decoder<Uint8Array> =>
  new FastLengths(measure, plain)

class FastLengths implements Decoder<Uint8Array> {
  readonly #measure: Measure
  readonly #plain: StepDecoder<Uint8Array, undefined>
  /** The bytes not yet taken by either path are those from `#at` on. */
  #chunk: Uint8Array = NOTHING
  #at = 0
  /** The plain decoder has heard of the bytes before this. */
  #passed = 0

  #emit: Emit = () => true
  #stopped = false
  #failure: E.Either<DecodeError, void> | null = null
  readonly #forward: Emit = (frame) => {
    this.#stopped = !this.#emit(frame)
    return !this.#stopped
  }

  constructor(measure: Measure, plain: StepDecoder<Uint8Array, undefined>) {
    this.#measure = measure
    this.#plain = plain
  }

  get buffered(): number {
    return this.#plain.buffered + this.#chunk.length - this.#at
  }

  push(chunk: Uint8Array, emit: Emit): E.Either<DecodeError, void> {
    if (this.#failure !== null) return this.#failure
    if (chunk.length > 0) this.#take(chunk)
    return this.#run(emit)
  }

  end(emit: Emit): E.Either<DecodeError, void> {
    if (this.#failure !== null) return this.#failure
    const result = this.#run(emit)
    return this.#stopped || E.isLeft(result) ? result : this.#answer(this.#plain.end(emit))
  }

  unread(): Uint8Array {
    const kept = this.#plain.unread()
    const rest = this.#rest(this.#chunk.length)
    this.#plain.passed(rest.length)
    this.#drop()
    return kept.length === 0 ? rest : Buffer.concat([kept, rest])
  }

  /** Goes on until the bytes run out, a stop, or an error. */
  #run(emit: Emit): E.Either<DecodeError, void> {
    this.#emit = emit
    this.#stopped = false
    let result: E.Either<DecodeError, void> = DONE
    while (!this.#stopped && this.#at < this.#chunk.length && !E.isLeft(result)) {
      if (!this.#plain.atBorder) result = this.#toPlain(this.#at + this.#plain.missing)
      else if (this.#frames(emit)) result = this.#toPlain(this.#chunk.length)
    }
    if (this.#at === this.#chunk.length) this.#drop()
    return this.#answer(result)
  }

  /** Emits the frames that lie whole in the chunk; `true` where something is left that is none. */
  #frames(emit: Emit): boolean {
    const { kind, offset, extra, from, maxFrameBytes: limit } = this.#measure
    const chunk = this.#chunk
    const memory = chunk.buffer
    const base = chunk.byteOffset
    const end = chunk.length
    const least = Math.max(this.#measure.header, 1)
    let at = this.#at
    while (end - at >= least) {
      const total = lengthAt(kind, chunk, at + offset) + extra
      if (total > end - at || total < least || total > limit) return true
      const frame = new Uint8Array(memory, base + at + from, total - from)
      at += total
      this.#at = at
      if (!emit(frame)) {
        this.#stopped = true
        return false
      }
    }
    return at < end
  }

  /** The plain decoder takes the bytes up to `end`, or as many as there are. */
  #toPlain(end: number): E.Either<DecodeError, void> {
    const bytes = this.#rest(Math.min(end, this.#chunk.length))
    this.#at += bytes.length
    this.#passed = this.#at
    return this.#plain.push(bytes, this.#forward)
  }

  /** The bytes from `#at` to `end`; tells the plain decoder what was taken before them. */
  #rest(end: number): Uint8Array {
    this.#plain.passed(this.#at - this.#passed)
    this.#passed = this.#at
    return new Uint8Array(this.#chunk.buffer, this.#chunk.byteOffset + this.#at, end - this.#at)
  }

  /** Nobody should push while stopped; who does loses nothing. */
  #take(chunk: Uint8Array): void {
    const left = this.#rest(this.#chunk.length)
    const joined = left.length === 0 ? chunk : Buffer.concat([left, chunk])
    this.#chunk = new Uint8Array(joined.buffer, joined.byteOffset, joined.length)
    this.#at = this.#passed = 0
  }

  /** The first error is the last word (R17). */
  #answer(result: E.Either<DecodeError, void>): E.Either<DecodeError, void> {
    if (E.isLeft(result)) {
      this.#failure = result
      this.#drop()
    }
    return result
  }

  #drop(): void {
    this.#plain.passed(this.#at - this.#passed)
    this.#chunk = NOTHING
    this.#at = this.#passed = 0
  }
}
