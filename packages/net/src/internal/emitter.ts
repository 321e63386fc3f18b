import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'

/**
 * Events for any number of subscribers, the milestones so far first for who comes late. Costs nothing
 * while nobody listens.
 */
export class Emitter<E> {
  readonly #milestones: E[] = []
  #subscribers: Subscriber<E>[] = []
  #telling = false
  #untold: (() => void)[] = []
  #done = false

  readonly events$ = new Observable<E>((subscriber) => {
    for (const milestone of this.#milestones) subscriber.next(milestone)
    if (this.#done) {
      subscriber.complete()
      return
    }
    this.#subscribers = [...this.#subscribers, subscriber]
    return () => {
      this.#subscribers = this.#subscribers.filter((other) => other !== subscriber)
    }
  })

  /** Whether anybody listens: an event that is no milestone need not even be made otherwise. */
  get heard(): boolean {
    return this.#subscribers.length !== 0
  }

  /** What happens because somebody heard of an event is told after it, to everybody in the same order. */
  emit(event: E): void {
    if (this.#telling) {
      this.#untold.push(() => {
        this.emit(event)
      })
      return
    }
    this.#telling = true
    for (const subscriber of this.#subscribers) subscriber.next(event)
    this.#telling = false
    // each of them tells the next one
    this.#untold.shift()?.()
  }

  milestone(event: E): void {
    if (this.#telling) {
      this.#untold.push(() => {
        this.milestone(event)
      })
      return
    }
    this.#milestones.push(event)
    this.emit(event)
  }

  complete(): void {
    if (this.#telling) {
      this.#untold.push(() => {
        this.complete()
      })
      return
    }
    this.#done = true
    const subscribers = this.#subscribers
    this.#subscribers = []
    for (const subscriber of subscribers) subscriber.complete()
  }
}
