import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'

/**
 * Events for any number of subscribers, the milestones so far first for who comes late. Costs nothing
 * while nobody listens.
 */
export class Emitter<E> {
  readonly #milestones: E[] = []
  #subscribers: Subscriber<E>[] = []
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

  emit(event: E): void {
    for (const subscriber of this.#subscribers) subscriber.next(event)
  }

  milestone(event: E): void {
    this.#milestones.push(event)
    this.emit(event)
  }

  complete(): void {
    this.#done = true
    const subscribers = this.#subscribers
    this.#subscribers = []
    for (const subscriber of subscribers) subscriber.complete()
  }
}
