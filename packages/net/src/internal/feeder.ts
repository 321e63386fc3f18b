import type { DecodeError, Decoder } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Subscriber } from 'rxjs'
import type { Gate } from '../gate.ts'

const NOTHING = new Uint8Array(0)

/**
 * Drives a decoder for whoever reads messages: stops in the middle of a chunk when the gate is held, or
 * the subscriber has gone, and goes on from there (R3).
 */
export class Feeder<In> {
  readonly #decoder: Decoder<In>
  readonly #failed: (error: unknown) => void
  readonly #settled: () => void
  #subscriber: Subscriber<In> | null = null
  #gate: Gate | null = null
  #stopped = false
  #ending = false
  /** Messages emitted so far. */
  emitted = 0

  /**
   * `failed` is told the decoder's error, or what it threw; `settled` is called whenever all whole messages
   * of what was pushed are out.
   */
  constructor(decoder: Decoder<In>, failed: (error: unknown) => void, settled: () => void = () => undefined) {
    this.#decoder = decoder
    this.#failed = failed
    this.#settled = settled
  }

  get subscriber(): Subscriber<In> | null {
    return this.#subscriber
  }

  /** Messages go to `subscriber` from now on, those that waited first; `null`: to nobody. */
  feed(subscriber: Subscriber<In> | null, gate: Gate | null): void {
    this.#subscriber = subscriber
    if (subscriber === null || !this.#stopped) return
    this.#gate = gate
    if (gate === null) this.#goOn()
    else if (gate.held) gate.park(this.#goOn)
    else gate.run(this.#goOn)
  }

  push(chunk: Uint8Array, gate: Gate | null): void {
    this.#gate = gate
    this.#stopped = false
    this.#decode(chunk)
  }

  /** The stream has ended: whole messages first, then the end, or that there was none. */
  end(): void {
    this.#ending = true
    if (!this.#stopped) this.#finish()
  }

  readonly #emit = (message: In): boolean => {
    const subscriber = this.#subscriber
    if (subscriber === null) {
      this.#stopped = true
      return false
    }
    this.emitted++
    subscriber.next(message)
    // the subscriber may have gone while it was called
    this.#stopped = this.#subscriber === null || (this.#gate !== null && this.#gate.held)
    return !this.#stopped
  }

  readonly #goOn = (): void => {
    if (this.#subscriber === null || !this.#stopped) return
    this.#stopped = false
    if (this.#ending) this.#finish()
    else this.#decode(NOTHING)
  }

  #decode(chunk: Uint8Array): void {
    try {
      this.#settle(this.#decoder.push(chunk, this.#emit))
    } catch (error) {
      this.#failed(error)
    }
  }

  #settle(result: Either<DecodeError, void>): void {
    if (E.isLeft(result)) this.#failed(result.left)
    else if (!this.#stopped) this.#settled()
    else if (this.#subscriber !== null) this.#gate?.park(this.#goOn)
  }

  #finish(): void {
    try {
      const result = this.#decoder.end(this.#emit)
      this.#settle(result)
      if (E.isRight(result) && !this.#stopped) this.#subscriber?.complete()
    } catch (error) {
      this.#failed(error)
    }
  }
}
