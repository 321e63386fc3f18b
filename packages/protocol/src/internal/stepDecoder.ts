import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../errors.ts'
import { Malformed, TooLong, Truncated } from '../errors.ts'
import type { End, EndResult, Step } from '../framing/step.ts'
import type { Decoder } from '../protocol.ts'
import { Window } from './window.ts'

/** What the engine needs of a framing; the limit has been checked. */
export interface StepSource<A, S> {
  readonly maxFrameBytes: number
  readonly initial: S
  readonly step: Step<A, S>
  readonly end?: End<A, S>
  /** Whether no message has anything of the memory of a chunk: then nothing else has either. Default: no. */
  readonly copies?: boolean
}

/** The answer of every call that found nothing wrong. */
export const DONE: E.Either<never, void> = E.right(undefined)

/** As many bytes as an error carries of a frame that is too long, or up to a malformed byte. */
export const ERROR_BYTES = 64

/** Turns a pure step into a decoder: the plain definition every fast path is held to. */
export const stepDecoder = <A, S>(source: StepSource<A, S>): StepDecoder<A, S> => new StepDecoder(source)

export class StepDecoder<A, S> implements Decoder<A> {
  readonly #source: StepSource<A, S>
  readonly #window: Window
  #state: S
  /** Where the first unread byte stands in the stream. */
  #offset = 0
  /** No step before so many bytes are unread. */
  #needed = 1
  #expected: number | undefined
  #scanned = 0
  #phase = 'frame'
  #ended = false
  #failure: E.Either<DecodeError, void> | null = null

  constructor(source: StepSource<A, S>) {
    this.#source = source
    this.#window = new Window(source.maxFrameBytes, source.copies === true)
    this.#state = source.initial
  }

  push(chunk: Uint8Array, emit: (message: A) => boolean): E.Either<DecodeError, void> {
    if (this.#failure !== null) return this.#failure
    this.#window.append(chunk)
    this.#run(emit)
    return this.#failure ?? DONE
  }

  end(emit: (message: A) => boolean): E.Either<DecodeError, void> {
    if (this.#failure !== null) return this.#failure
    if (this.#ended) return DONE
    if (!this.#run(emit)) return this.#failure ?? DONE
    this.#ended = true
    return this.#finish(emit)
  }

  get buffered(): number {
    return this.#window.length
  }

  /** Whether no frame is begun and none is being given up. */
  get atBorder(): boolean {
    return this.#window.length === 0 && this.#state === this.#source.initial
  }

  /** How many bytes more the next step waits for, at least one: a fast path feeds no more than those. */
  get missing(): number {
    return Math.max(1, this.#needed - this.#window.length)
  }

  /** A fast path has taken whole frames of `count` bytes while this decoder was at a border. */
  passed(count: number): void {
    this.#offset += count
  }

  unread(): Uint8Array {
    const bytes = this.#window.view()
    this.#window.clear()
    this.#border(bytes.length)
    this.#state = this.#source.initial
    return bytes
  }

  /** Steps until bytes run out (`true`), or a stop or an error (`false`). */
  #run(emit: (message: A) => boolean): boolean {
    const window = this.#window
    const limit = this.#source.maxFrameBytes
    while (window.length >= this.#needed) {
      const result = this.#source.step(window.view(limit), this.#scanned, this.#state, this.#offset)
      switch (result._tag) {
        case 'Frame':
          if (!this.#takes(result.length)) return this.#stuck()
          this.#take(result.length, result.state)
          if (!emit(result.message)) return false
          break
        case 'Skip':
          if (!this.#takes(result.length)) return this.#stuck()
          this.#take(result.length, result.state)
          break
        case 'Need':
          if (result.total > limit) return this.#tooLong(result.total)
          if (result.total <= window.length) return this.#stuck()
          this.#wait(result.total, result.total, 0, result.phase)
          break
        case 'More':
          if (window.length >= limit) return this.#tooLong(undefined)
          this.#wait(window.length + 1, undefined, result.scanned, result.phase)
          break
        case 'Fail':
          return this.#malformed(result.what, result.at)
        case 'Refuse':
          return this.#fail(result.error)
      }
    }
    return true
  }

  #finish(emit: (message: A) => boolean): E.Either<DecodeError, void> {
    const bytes = this.#window.view()
    const result = this.#source.end?.(bytes, this.#state, this.#offset) ?? atBorderOnly(bytes)
    switch (result._tag) {
      case 'Nothing':
        break
      case 'Frame':
        this.#window.clear()
        emit(result.message)
        break
      case 'Truncated':
        this.#fail(
          new Truncated({
            phase: result.phase ?? this.#phase,
            got: bytes.length,
            expected: this.#expected,
            bytes,
            offset: this.#offset,
          }),
        )
        break
      case 'Fail':
        this.#malformed(result.what, result.at)
        break
      case 'Refuse':
        this.#fail(result.error)
    }
    return this.#failure ?? DONE
  }

  #takes(length: number): boolean {
    return length > 0 && length <= this.#window.length
  }

  /** A step that gets nowhere is a bug of the framing; it must not hang the process (R18). */
  #stuck(): false {
    return this.#malformed('bytes of which the framing neither takes nor awaits any (a bug of its step)', 0)
  }

  #take(length: number, state: S | undefined): void {
    this.#window.advance(length)
    if (state !== undefined) this.#state = state
    this.#border(length)
  }

  #border(length: number): void {
    this.#offset += length
    this.#wait(1, undefined, 0, 'frame')
  }

  #wait(needed: number, expected: number | undefined, scanned: number, phase: string): void {
    this.#needed = needed
    this.#expected = expected
    this.#scanned = scanned
    this.#phase = phase
  }

  #tooLong(announced: number | undefined): false {
    const limit = this.#source.maxFrameBytes
    return this.#fail(
      new TooLong({
        limit,
        announced,
        seen: announced === undefined ? limit : undefined,
        bytes: this.#window.view(Math.min(ERROR_BYTES, limit)).slice(),
        offset: this.#offset,
        fault: 'remote',
      }),
    )
  }

  #malformed(what: string, at: number): false {
    return this.#fail(
      new Malformed({
        what,
        at: this.#offset + at,
        bytes: this.#window.view().slice(Math.max(0, at + 1 - ERROR_BYTES), at + 1),
        offset: this.#offset,
      }),
    )
  }

  /** The first error is the last word: nothing is kept, and every later call repeats it (R17). */
  #fail(error: DecodeError): false {
    this.#failure = E.left(error)
    this.#window.clear()
    return false
  }
}

const atBorderOnly = (bytes: Uint8Array): EndResult<never> => ({ _tag: bytes.length === 0 ? 'Nothing' : 'Truncated' })
