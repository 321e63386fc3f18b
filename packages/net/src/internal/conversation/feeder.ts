import type { DecodeError, Decoder } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Subscriber } from 'rxjs'
import type { Gate } from '../../gate.ts'

const NOTHING = new Uint8Array(0)

/** What a {@link Feeder} tells. */
export interface FeederEvents {
  /** The decoder's error, or what it threw. */
  failed(error: unknown): void
  /** All whole messages of what was pushed are out. */
  settled?(): void
  /** After {@link Feeder.release}: the bytes no message took. */
  released?(unread: Uint8Array): void
}

/**
 * Drives a decoder for whoever reads messages: stops in the middle of a chunk when the gate is held, or
 * the subscriber has gone, and goes on from there (R3).
 */
export class Feeder<In> {
  readonly #decoder: Decoder<In>
  readonly #events: FeederEvents
  #subscriber: Subscriber<In> | null = null
  #gate: Gate | null = null
  #stopped = false
  #ending = false
  /** Whether the decoder is in the middle of a call. */
  #busy = false
  #released = false
  /** Messages emitted so far. */
  emitted = 0

  constructor(decoder: Decoder<In>, events: FeederEvents) {
    this.#decoder = decoder
    this.#events = events
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
    else if (gate.held) this.#park(gate)
    else {
      gate.run(() => {
        this.#goOn()
      })
    }
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

  /** Emits nothing more, and takes out the bytes no message took: at once, or when the decoder has returned. */
  release(): void {
    const subscriber = this.#subscriber
    this.#subscriber = null
    this.#released = true
    subscriber?.complete()
    if (!this.#busy) this.#giveBack()
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

  #park(gate: Gate): void {
    gate.park(() => {
      this.#goOn()
    })
  }

  #goOn(): void {
    if (this.#subscriber === null || !this.#stopped) return
    this.#stopped = false
    if (this.#ending) this.#finish()
    else this.#decode(NOTHING)
  }

  #decode(chunk: Uint8Array): void {
    this.#busy = true
    try {
      this.#settle(this.#decoder.push(chunk, this.#emit))
    } catch (error) {
      this.#threw(error)
    }
  }

  #settle(result: Either<DecodeError, void>): void {
    this.#busy = false
    if (this.#released) this.#giveBack()
    else if (E.isLeft(result)) this.#events.failed(result.left)
    else if (!this.#stopped) this.#events.settled?.()
    else if (this.#subscriber !== null && this.#gate !== null) this.#park(this.#gate)
  }

  #finish(): void {
    this.#busy = true
    try {
      const result = this.#decoder.end(this.#emit)
      this.#settle(result)
      if (E.isRight(result) && !this.#stopped) this.#subscriber?.complete()
    } catch (error) {
      this.#threw(error)
    }
  }

  #threw(error: unknown): void {
    this.#events.failed(error)
    if (this.#busy && this.#released) this.#events.released?.(NOTHING)
    this.#busy = false
  }

  #giveBack(): void {
    let unread: Uint8Array = NOTHING
    try {
      unread = this.#decoder.unread()
    } catch (error) {
      this.#events.failed(error)
    }
    this.#events.released?.(unread)
  }
}
