import type { Gate } from '@sluice/net'
import { currentGate } from '@sluice/net'
import type { Unsubscribable } from 'rxjs'
import { Subscription } from 'rxjs'
import type { LimitAction } from '../../toxics.ts'
import type { LaneParts } from './laneParts.ts'
import type { Item } from './pace.ts'
import { Pace } from './pace.ts'
import { nextTurn } from './realTime.ts'
import type { ToxicSettings } from './toxicSettings.ts'
import { HEALTHY } from './toxicSettings.ts'

/** One direction of one connection: bytes wait here, at most `maxHeldBytes` and the chunk in hand, and then leave. */
export class Lane {
  readonly #parts: LaneParts
  readonly #luck: number
  readonly #pace: Pace
  readonly #subscriptions = new Subscription()
  #settings: ToxicSettings = HEALTHY
  #queue: Item[] = []
  #heldBytes = 0
  #gate: Gate | null = null
  #timer: Unsubscribable | null = null
  #clock: Unsubscribable | null = null
  #admitted = 0
  /** Whether nothing is let in any more: a limit was reached. */
  #limited = false
  #swallowed = false
  #pumping = false
  #over = false

  constructor(parts: LaneParts) {
    this.#parts = parts
    this.#luck = parts.random()
    this.#pace = new Pace(parts.random)
  }

  /** Bytes that wait here. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  begin(settings: ToxicSettings): void {
    const { from, to } = this.#parts
    this.set(settings)
    if (this.#over) return
    this.#subscriptions.add(
      to.events$.subscribe(({ _tag }) => {
        if (_tag === 'Drained') this.#pump()
      }),
    )
    this.#subscriptions.add(
      from.data$.subscribe({
        next: (chunk) => {
          this.#next(chunk)
        },
        complete: () => {
          if (!this.#refuses()) this.#push(null, 'end')
        },
        // its `Closed` says what is to be done
        error: () => undefined,
      }),
    )
  }

  /** Other toxics from now on, also for what waits. */
  set(toxics: ToxicSettings): void {
    const { events } = this.#parts
    this.#settings = this.#luck < toxics.toxicity ? toxics : HEALTHY
    this.#pace.set(this.#settings)
    if (this.#swallowed && !this.#swallows()) {
      // there is a hole in the stream
      events.act('close', 'swallow')
      return
    }
    this.#startClock()
    this.#checkLimit()
    this.#pump()
  }

  stop(): void {
    if (this.#over) return
    this.#over = true
    this.#subscriptions.unsubscribe()
    this.#timer?.unsubscribe()
    this.#clock?.unsubscribe()
    this.#queue = []
    this.#heldBytes = 0
    this.#gate?.release(this)
  }

  #startClock(): void {
    const { scheduler, events } = this.#parts
    const { resetMs, swallowMs } = this.#settings
    this.#clock?.unsubscribe()
    this.#clock = null
    const ms = resetMs ?? swallowMs
    if (ms === null || ms === Infinity) return
    this.#clock = scheduler.schedule(() => {
      if (resetMs === null) events.act('close', 'swallow')
      else events.act('reset', 'reset')
    }, ms)
  }

  #swallows(): boolean {
    const { swallowMs, limit } = this.#settings
    return swallowMs !== null || (this.#limited && limit?.then === 'swallow')
  }

  /** Whether nothing is let in; if what comes is to be seen never again, that is remembered. */
  #refuses(): boolean {
    const swallows = this.#swallows()
    this.#swallowed ||= swallows
    return swallows || this.#limited
  }

  #next(chunk: Uint8Array): void {
    const { events, maxHeldBytes } = this.#parts
    events.received(chunk.length)
    if (this.#refuses()) {
      events.swallowed(chunk.length)
      return
    }
    const room = Math.max(0, (this.#settings.limit?.bytes ?? Infinity) - this.#admitted)
    const head = chunk.length <= room ? chunk : chunk.subarray(0, room)
    this.#admitted += head.length
    if (head.length > 0) this.#push(head, null)
    this.#checkLimit()
    if (head !== chunk) {
      this.#refuses()
      events.swallowed(chunk.length - head.length)
    }
    if (this.#heldBytes < maxHeldBytes || this.#gate !== null) return
    this.#gate = currentGate()
    this.#gate?.hold(this)
  }

  #checkLimit(): void {
    const { limit } = this.#settings
    if (limit === null || this.#limited || this.#admitted < limit.bytes) return
    this.#limited = true
    this.#push(null, limit.then)
  }

  #push(bytes: Uint8Array | null, then: Item['then']): void {
    const { scheduler, random } = this.#parts
    const at = scheduler.now()
    if (this.#queue.length === 0) this.#pace.idleUntil(at)
    this.#queue.push({ bytes, then, at, sway: random() * 2 - 1 })
    this.#heldBytes += bytes?.length ?? 0
    if (this.#queue.length === 1) this.#pump()
  }

  /** Lets out what is due; comes again when the next is. */
  #pump(): void {
    if (this.#pumping) return
    this.#timer?.unsubscribe()
    this.#timer = null
    this.#pumping = true
    this.#letOutDue()
    this.#pumping = false
  }

  #letOutDue(): void {
    const { scheduler, to } = this.#parts
    for (let first = this.#queue[0]; first !== undefined && !this.#over; first = this.#queue[0]) {
      if (first.bytes !== null && to.full) return
      const readyAt = this.#pace.readyAt(first)
      const delay = readyAt - scheduler.now()
      if (delay > 0) {
        if (delay !== Infinity) this.#timer = scheduler.schedule(this.#again, delay)
        return
      }
      if (this.#letOut(first, readyAt)) return
    }
  }

  readonly #again = (): void => {
    this.#pump()
  }

  /** Lets the first out, or a piece of it. Answers whether the rest is for later. */
  #letOut(first: Item, readyAt: number): boolean {
    const { scheduler, to, events } = this.#parts
    const { bytes, then } = first
    if (bytes === null) {
      this.#queue.shift()
      if (then !== null) this.#finish(then)
      return false
    }
    const now = bytes.subarray(0, this.#pace.take(readyAt))
    if (now.length === bytes.length) this.#queue.shift()
    else first.bytes = bytes.subarray(now.length)
    this.#heldBytes -= now.length
    to.write(now)
    events.forwarded(now.length)
    if (this.#over) return true
    const sliced = this.#settings.slice !== null
    if (sliced) this.#timer = nextTurn(scheduler, this.#again)
    this.#openGate()
    return sliced
  }

  #openGate(): void {
    const gate = this.#gate
    if (gate === null || this.#heldBytes >= this.#parts.maxHeldBytes) return
    this.#gate = null
    gate.release(this)
  }

  #finish(then: LimitAction | 'end'): void {
    const { to, events } = this.#parts
    if (then === 'end' || then === 'halfClose') {
      to.end()
      events.ended()
    }
    if (then !== 'end') events.act(then, 'limit')
  }
}
