import type { SchedulerLike, Unsubscribable } from 'rxjs'
import type { Guest } from './guest.ts'
import { whenGone } from './guest.ts'

/**
 * Who waits, unread, in the order they came. A paused socket sees neither FIN nor reset (FAULTS 0.3), so
 * each is asked from time to time whether it still lives; who does not is let go.
 */
export class WaitingRoom {
  readonly #scheduler: SchedulerLike
  readonly #probeMs: number
  readonly #left: (guest: Guest) => void
  readonly #waiting = new Map<Guest, () => void>()
  #timer: Unsubscribable | null = null

  constructor(scheduler: SchedulerLike, probeMs: number, left: (guest: Guest) => void) {
    this.#scheduler = scheduler
    this.#probeMs = probeMs
    this.#left = left
  }

  get size(): number {
    return this.#waiting.size
  }

  add(guest: Guest): void {
    const gone = (): void => {
      this.remove(guest)
      this.#left(guest)
    }
    this.#waiting.set(guest, whenGone(guest, gone))
    if (this.#timer === null && this.#probeMs !== Infinity) this.#wait()
  }

  /** Who has waited longest, no longer waiting. */
  take(): Guest | undefined {
    const [first] = this.#waiting.keys()
    if (first !== undefined) this.remove(first)
    return first
  }

  /** Who waits, in order; whoever is removed meanwhile is left out. */
  guests(): Iterable<Guest> {
    return this.#waiting.keys()
  }

  remove(guest: Guest): void {
    const stopWatching = this.#waiting.get(guest)
    if (stopWatching === undefined) return
    this.#waiting.delete(guest)
    stopWatching()
    if (this.#waiting.size !== 0) return
    this.#timer?.unsubscribe()
    this.#timer = null
  }

  #wait(): void {
    this.#timer = this.#scheduler.schedule(() => {
      for (const { transport } of this.#waiting.keys()) transport.probe(ignore)
      this.#wait()
    }, this.#probeMs)
  }
}

const ignore = (): void => undefined
