import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'

/**
 * Events for any number of subscribers, the milestones so far first for who comes late. Costs next to nothing
 * while nobody listens.
 */
export class Emitter<E> {
  #milestones: readonly E[] = NONE
  #subscribers: readonly Subscriber<E>[] = NONE
  #events$: Observable<E> | null = null
  #telling = false
  #untold: (() => void)[] | null = null
  #done = false

  get events$(): Observable<E> {
    return (this.#events$ ??= new Observable<E>((subscriber) => {
      this.#replay(subscriber)
      if (this.#done) {
        subscriber.complete()
        return
      }
      this.#subscribers = [...this.#subscribers, subscriber]
      subscriber.add(() => {
        this.#subscribers = this.#subscribers.filter((other) => other !== subscriber)
      })
    }))
  }

  /** Whether anybody listens: an event that is no milestone need not even be made otherwise. */
  get heard(): boolean {
    return this.#subscribers.length !== 0
  }

  /** What happens because somebody heard of an event is told after it, to everybody in the same order. */
  emit(event: E): void {
    if (this.#telling) {
      this.#later(() => this.emit(event))
      return
    }
    this.#telling = true
    for (const subscriber of this.#subscribers) subscriber.next(event)
    this.#telling = false
    // each of them tells the next one
    this.#untold?.shift()?.()
  }

  milestone(event: E): void {
    if (this.#telling) {
      this.#later(() => this.milestone(event))
      return
    }
    // of its exact size: there is one for every connection
    this.#milestones = [...this.#milestones, event]
    this.emit(event)
  }

  complete(): void {
    if (this.#telling) {
      this.#later(() => this.complete())
      return
    }
    this.#done = true
    const subscribers = this.#subscribers
    this.#subscribers = NONE
    for (const subscriber of subscribers) subscriber.complete()
  }

  /** All milestones, those included that come meanwhile. */
  #replay(subscriber: Subscriber<E>): void {
    for (let told = 0; told < this.#milestones.length;) {
      const more = this.#milestones.slice(told)
      told = this.#milestones.length
      for (const milestone of more) subscriber.next(milestone)
    }
  }

  #later(tell: () => void): void {
    if (this.#untold === null) this.#untold = []
    this.#untold.push(tell)
  }
}

const NONE: readonly never[] = []
