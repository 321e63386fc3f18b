import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'
import type { Connection } from '../../connection.ts'
import { AlreadySubscribed } from '../../errors.ts'
import { SourceGate } from '../../gate.ts'
import type { Guest } from './guest.ts'

/** What a {@link Handout} asks and tells the listener. */
export interface HandoutEvents {
  /** Who waits, the longest first. */
  take(): Guest | undefined
  /** Hands somebody who waited to {@link Handout.give}. */
  welcome(guest: Guest): void
  /** The subscriber has gone. */
  left(): void
}

/** `connections$`: a source with a gate, for one subscriber at a time. */
export class Handout {
  readonly #events: HandoutEvents
  readonly #gate: SourceGate
  #subscriber: Subscriber<Connection> | null = null
  #over = false

  readonly connections$ = new Observable<Connection>((subscriber) => {
    if (this.#subscriber !== null) {
      subscriber.error(new AlreadySubscribed())
      return
    }
    if (this.#over) {
      subscriber.complete()
      return
    }
    this.#subscriber = subscriber
    subscriber.add(() => {
      this.#subscriber = null
      this.#events.left()
    })
    this.#pump()
  })

  constructor(events: HandoutEvents) {
    this.#events = events
    this.#gate = new SourceGate({
      pause: () => undefined,
      resume: () => {
        this.#pumpSoon()
      },
    })
  }

  /** Whether anybody takes connections, now or later. */
  get taken(): boolean {
    return this.#subscriber !== null
  }

  /** Whether somebody takes one now. */
  get hungry(): boolean {
    const subscriber = this.#subscriber
    if (subscriber === null || subscriber.closed) return false
    return !this.#gate.dispatching && !this.#gate.held && !this.#gate.parked
  }

  /** Emits one; answers whether there was still anybody to take it. */
  give(connection: Connection): boolean {
    const subscriber = this.#subscriber
    if (subscriber === null) return false
    const outer = this.#gate.enter()
    try {
      subscriber.next(connection)
    } finally {
      this.#gate.leave(outer)
    }
    return true
  }

  complete(): void {
    this.#over = true
    this.#subscriber?.complete()
  }

  /** Who let go of the gate may be about to leave: then nobody is to be handed to him. */
  #pumpSoon(): void {
    queueMicrotask(() => {
      this.#pump()
    })
  }

  /** Hands out who waits, as long as somebody takes them. */
  #pump(): void {
    if (this.#gate.dispatching) {
      // who is in the middle of one gets the next one afterwards
      this.#pumpSoon()
      return
    }
    // who takes only some of them leaves the rest to the next
    while (this.hungry) {
      const guest = this.#events.take()
      if (guest === undefined) return
      this.#events.welcome(guest)
    }
  }
}
