import type { Subscriber, Unsubscribable } from 'rxjs'
import { QueueFull } from '../../errors.ts'
import type { Gate } from '../../gate.ts'
import { currentGate } from '../../gate.ts'
import type { LiveBucket } from './liveBucket.ts'

/** What a {@link Shaper} shapes, and how. */
export interface Shape<A> {
  readonly name: string
  readonly maxQueued: number
  /** What it costs to let a value pass. */
  readonly cost: (value: A) => number
  /** What of a value passes at once, and what later; `undefined`: nothing is left. */
  readonly cut: (value: A) => readonly [now: A, later: A | undefined]
}

interface Queued<A> {
  value: A
  readonly gate: Gate | null
}

/**
 * Lets values pass as there are tokens for them, in order. The source of what waits is held; what waited is
 * emitted in the gate of its source, and not while somebody else holds that.
 */
export class Shaper<A> {
  readonly #shape: Shape<A>
  readonly #bucket: LiveBucket
  readonly #subscriber: Subscriber<A>
  #queue: Queued<A>[] = []
  #waiting: Unsubscribable | null = null
  /** The gate we are parked at: another sink holds it. */
  #parkedAt: Gate | null = null
  /** Whether the bucket has just given what the first in the queue costs. */
  #paid = false
  #completed = false
  #draining = false

  constructor(shape: Shape<A>, bucket: LiveBucket, subscriber: Subscriber<A>) {
    this.#shape = shape
    this.#bucket = bucket
    this.#subscriber = subscriber
    subscriber.add(() => {
      this.#stop()
    })
  }

  next(value: A): void {
    const gate = currentGate()
    if (this.#queue.length === 0 && !this.#draining && this.#passes(value)) {
      this.#subscriber.next(value)
      return
    }
    if (this.#queue.length >= this.#shape.maxQueued && this.#cannotHold(gate)) {
      this.#subscriber.error(new QueueFull(this.#shape.name, this.#shape.maxQueued))
      return
    }
    this.#queue.push({ value, gate })
    if (this.#queue.length === 1 && !this.#draining) this.#drain()
    else if (gate !== this.#parkedAt) gate?.hold(this)
  }

  complete(): void {
    this.#completed = true
    if (this.#queue.length === 0) this.#subscriber.complete()
  }

  /** The usual case: nobody waits, the value passes whole, and there are tokens for it. */
  #passes(value: A): boolean {
    return this.#shape.cut(value)[1] === undefined && this.#bucket.take(this.#shape.cost(value))
  }

  /** Nobody was there to be held, or he was held and goes on all the same. */
  #cannotHold(gate: Gate | null): boolean {
    return gate === null || this.#queue.some((queued) => queued.gate === gate)
  }

  /** Emits from the queue what may pass now; each run of one source's values in its gate. */
  #drain(): void {
    this.#draining = true
    try {
      for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
        if (!this.#passIn(first.gate)) return
      }
      if (this.#completed) this.#subscriber.complete()
    } catch (error) {
      this.#subscriber.error(error)
    } finally {
      this.#draining = false
    }
  }

  #passIn(gate: Gate | null): boolean {
    if (gate === null) return this.#pass(null)
    let passed = false
    gate.run(() => {
      passed = this.#pass(gate)
    })
    return passed
  }

  /** Answers whether nothing of this gate is first any more. */
  #pass(gate: Gate | null): boolean {
    gate?.release(this)
    for (let first = this.#queue[0]; first?.gate === gate; first = this.#queue[0]) {
      if (gate !== null && gate.held) {
        this.#parkedAt = gate
        gate.park(this.#goOn)
        return false
      }
      const [now, later] = this.#shape.cut(first.value)
      if (!this.#pay(this.#shape.cost(now))) {
        gate?.hold(this)
        return false
      }
      if (later === undefined) this.#queue.shift()
      else first.value = later
      this.#subscriber.next(now)
    }
    if (gate !== null && this.#queue.some((queued) => queued.gate === gate)) gate.hold(this)
    return true
  }

  #pay(cost: number): boolean {
    const paid = this.#paid || this.#bucket.take(cost)
    this.#paid = false
    if (!paid) this.#waiting = this.#bucket.wait(cost, this.#granted)
    return paid
  }

  readonly #granted = (): boolean => {
    this.#waiting = null
    this.#paid = true
    this.#drain()
    const used = !this.#paid
    this.#paid = false
    return used
  }

  readonly #goOn = (): void => {
    this.#parkedAt = null
    if (!this.#draining) this.#drain()
  }

  #stop(): void {
    const queue = this.#queue
    this.#queue = []
    this.#waiting?.unsubscribe()
    for (const { gate } of queue) gate?.release(this)
  }
}
