import { WrongOption } from '@sluice/protocol'
import type { ObservableInput, Subscriber, Subscription } from 'rxjs'
import { from } from 'rxjs'
import { QueueFull } from '../errors.ts'
import type { Gate } from '../gate.ts'
import { currentGate } from '../gate.ts'

/** Options of `mapAsync` and `mapAsyncUnordered`. */
export interface MapAsyncOptions {
  /**
   * How many messages may wait that came although the gate was held, or that no gate feeds (a timer, an
   * operator that makes many of one). Beyond it: `QueueFull`. Default 1,024.
   */
  readonly maxQueued?: number
}

/** One message on its way through `f`. It keeps its slot until what came of it is emitted. */
interface Slot<B> {
  readonly gate: Gate | null
  state: 'running' | 'done' | 'empty' | 'failed'
  value: B | undefined
  error: unknown
  inner: Subscription | null
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
    subscriber.add(() => {
      this.#stop()
    })
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
    const slot: Slot<B> = { gate, state: 'running', value: undefined, error: undefined, inner: null }
    this.#slots.push(slot)
    const settled = (state: 'done' | 'empty' | 'failed'): void => {
      if (slot.state !== 'running') return
      slot.state = state
      slot.inner?.unsubscribe()
      this.#settle()
    }
    const failed = (error: unknown): void => {
      slot.error = error
      settled('failed')
    }
    try {
      slot.inner = from(this.#f(message, this.#index++)).subscribe({
        next: (value) => {
          slot.value = value
          settled('done')
        },
        error: failed,
        complete: () => {
          settled('empty')
        },
      })
      if (slot.state !== 'running') slot.inner.unsubscribe()
    } catch (error) {
      failed(error)
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
    if (slot.state === 'failed') this.#subscriber.error(slot.error)
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

  #stop(): void {
    const slots = this.#slots
    this.#slots = []
    this.#waiting = []
    for (const slot of slots) slot.inner?.unsubscribe()
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
