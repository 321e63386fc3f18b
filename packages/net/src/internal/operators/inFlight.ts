import { WrongOption } from '@sluice/protocol'
import type { ObservableInput } from 'rxjs'
import { from, Subscriber } from 'rxjs'
import { QueueFull } from '../../errors.ts'
import type { Gate } from '../../gate.ts'
import { currentGate } from '../../gate.ts'

/** Options of `mapAsync` and `mapAsyncUnordered`. */
export interface MapAsyncOptions {
  /**
   * How many messages may wait that came although the gate was held, or that no gate feeds (a timer, an
   * operator that makes many of one). Beyond it: `QueueFull`. Default 1,024.
   */
  readonly maxQueued?: number
}

/** One message on its way through `f`. It keeps its slot until what came of it is emitted. */
class Slot<B> extends Subscriber<B> {
  readonly gate: Gate | null
  readonly #onSettled: () => void
  state: 'running' | 'done' | 'empty' | 'failed' = 'running'
  value: B | undefined
  failure: unknown

  constructor(gate: Gate | null, onSettled: () => void) {
    super()
    this.gate = gate
    this.#onSettled = onSettled
  }

  /** The first value counts: nothing is listened to after it. */
  protected override _next(value: B): void {
    this.value = value
    this.#settle('done')
  }

  protected override _error(error: unknown): void {
    this.failure = error
    this.#settle('failed')
  }

  protected override _complete(): void {
    this.#settle('empty')
  }

  #settle(state: 'done' | 'empty' | 'failed'): void {
    this.state = state
    this.unsubscribe()
    this.#onSettled()
  }
}

interface Waiting<A> {
  readonly message: A
  readonly gate: Gate | null
}

/** The engine of both: at most `parallelism` slots, and the gates of what fills them held when they are full. */
export class InFlight<A, B> {
  readonly #name: string
  readonly #parallelism: number
  readonly #maxQueued: number
  readonly #f: (message: A, index: number) => ObservableInput<B>
  readonly #ordered: boolean
  readonly #subscriber: Subscriber<B>
  #slots: Slot<B>[] = []
  #waiting: Waiting<A>[] = []
  #held = new Set<Gate>()
  #index = 0
  #completed = false
  #settling = false
  #value: B | undefined
  readonly #onSettled = (): void => {
    this.#settle()
  }
  readonly #emitNow = (): void => {
    this.#subscriber.next(this.#value as B)
  }

  constructor(
    name: string,
    ordered: boolean,
    parallelism: number,
    f: (message: A, index: number) => ObservableInput<B>,
    options: MapAsyncOptions,
    subscriber: Subscriber<B>,
  ) {
    this.#name = name
    this.#ordered = ordered
    this.#parallelism = parallelism
    this.#f = f
    this.#maxQueued = options.maxQueued ?? 1024
    this.#subscriber = subscriber
  }

  next(message: A): void {
    const gate = currentGate()
    if (this.#slots.length < this.#parallelism && this.#waiting.length === 0) this.#start(message, gate)
    else if (this.#waiting.length < this.#maxQueued) this.#waiting.push({ message, gate })
    else {
      this.#subscriber.error(new QueueFull(this.#name, this.#maxQueued))
      return
    }
    if (gate !== null && this.#slots.length >= this.#parallelism && !this.#subscriber.closed) {
      this.#held.add(gate)
      gate.hold(this)
    }
  }

  complete(): void {
    this.#completed = true
    this.#settle()
  }

  #start(message: A, gate: Gate | null): void {
    const slot = new Slot<B>(gate, this.#onSettled)
    this.#slots.push(slot)
    try {
      const answer$ = from(this.#f(message, this.#index++))
      // `f` may have unsubscribed us
      if (!slot.closed) answer$.subscribe(slot)
    } catch (error) {
      slot.error(error)
    }
  }

  /** Emits what may be emitted, refills the slots, and lets the sources go on that were held for them. */
  #settle(): void {
    if (this.#settling) return
    this.#settling = true
    for (let slot = this.#takeSettled(); slot !== null; slot = this.#takeSettled()) {
      this.#emit(slot)
      const waiting = this.#subscriber.closed ? undefined : this.#waiting.shift()
      if (waiting !== undefined) this.#start(waiting.message, waiting.gate)
    }
    this.#settling = false
    if (this.#subscriber.closed) return
    if (this.#completed && this.#slots.length === 0) this.#subscriber.complete()
    else if (this.#slots.length < this.#parallelism) this.#release()
  }

  #takeSettled(): Slot<B> | null {
    const at = this.#ordered ? 0 : this.#slots.findIndex((slot) => slot.state !== 'running')
    const slot = this.#slots[at]
    if (slot === undefined || slot.state === 'running') return null
    this.#slots.splice(at, 1)
    return slot
  }

  #emit(slot: Slot<B>): void {
    if (slot.state === 'failed') this.#subscriber.error(slot.failure)
    else if (slot.state === 'done') {
      this.#value = slot.value
      if (slot.gate === null) this.#emitNow()
      else slot.gate.run(this.#emitNow)
      this.#value = undefined
    }
  }

  #release(): void {
    if (this.#held.size === 0) return
    const held = this.#held
    this.#held = new Set()
    for (const gate of held) gate.release(this)
  }

  /** Nobody takes the answers any more. Its source must have been left before: released, it goes on at once. */
  stop(): void {
    const slots = this.#slots
    this.#slots = []
    this.#waiting = []
    for (const slot of slots) slot.unsubscribe()
    this.#release()
  }
}

export const checkParallelism = (name: string, parallelism: number, { maxQueued = 0 }: MapAsyncOptions): void => {
  if (!Number.isSafeInteger(parallelism) || parallelism < 1) {
    throw new WrongOption(name, 'parallelism', parallelism, 'a whole number from 1 on')
  }
  if (!Number.isSafeInteger(maxQueued) || maxQueued < 0) {
    throw new WrongOption(name, 'maxQueued', maxQueued, 'a whole number from 0 on')
  }
}
