import { Observable, type Subscriber } from 'rxjs'
import { QueueFull } from '../../errors.ts'
import type { Gate } from '../../gate.ts'
import { currentGate } from '../../gate.ts'

interface Kept<A> {
  readonly message: A
  readonly gate: Gate | null
}

/**
 * What the peer says unasked, for any number of subscribers. While there is none, so many are kept for the first
 * one; with the last of these the source is held.
 */
export class Pushes<A> {
  readonly #most: number
  readonly #wanted: () => void
  readonly #subscribers = new Set<Subscriber<A>>()
  readonly #held = new Set<Gate>()
  #kept: Kept<A>[] = []
  #over = false

  /** `wanted`: somebody has subscribed. */
  constructor(most: number, wanted: () => void) {
    this.#most = most
    this.#wanted = wanted
  }

  readonly pushes$ = new Observable<A>((subscriber) => {
    this.#begin(subscriber)
  })

  /** Throws `QueueFull` where more come than are kept, and no gate can be held. */
  push(message: A): void {
    if (this.#subscribers.size > 0) {
      for (const subscriber of [...this.#subscribers]) subscriber.next(message)
      return
    }
    if (this.#over || this.#most === 0) return
    if (this.#kept.length >= this.#most) throw new QueueFull('client()', this.#most)
    const gate = currentGate()
    this.#kept.push({ message, gate })
    if (this.#kept.length < this.#most || gate === null) return
    this.#held.add(gate)
    gate.hold(this)
  }

  complete(): void {
    this.#over = true
    this.#kept = []
    this.#release()
    for (const subscriber of [...this.#subscribers]) subscriber.complete()
  }

  #begin(subscriber: Subscriber<A>): void {
    if (this.#over) {
      subscriber.complete()
      return
    }
    this.#subscribers.add(subscriber)
    subscriber.add(() => {
      this.#subscribers.delete(subscriber)
    })
    this.#handOut(subscriber)
    if (!subscriber.closed) this.#wanted()
  }

  #handOut(subscriber: Subscriber<A>): void {
    for (let kept = this.#kept[0]; kept !== undefined && !subscriber.closed; kept = this.#kept[0]) {
      this.#kept.shift()
      const { message, gate } = kept
      const give = (): void => {
        subscriber.next(message)
      }
      if (gate === null) give()
      else gate.run(give)
    }
    if (this.#kept.length < this.#most) this.#release()
  }

  #release(): void {
    const held = [...this.#held]
    this.#held.clear()
    for (const gate of held) gate.release(this)
  }
}
