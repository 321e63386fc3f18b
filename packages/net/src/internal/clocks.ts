import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { afterPendingInput } from './monotonic.ts'

/** One wait of a connection: since when it has lasted, or `null` while there is nothing to wait for. */
export interface Wait {
  readonly afterMs: number
  readonly since: () => number | null
  readonly expired: () => void
}

/**
 * All the waits of one connection on one timer. Nothing is touched per byte: whoever makes progress
 * only leaves a time stamp, and the timer looks at the stamps when the earliest wait may be over.
 *
 * On expiry it looks once more, after the input that was pending has been read: a stalled event loop is
 * no time-out (R22).
 */
export class Clocks {
  #waits: readonly Wait[] = []
  readonly #scheduler: SchedulerLike
  #timer: Unsubscribable | null = null
  #dueAt = Infinity
  #stopped = false

  constructor(scheduler: SchedulerLike, waits: readonly Wait[]) {
    this.#scheduler = scheduler
    this.#keep(waits)
  }

  /** Other waits from now on. */
  replace(waits: readonly Wait[]): void {
    this.#keep(waits)
    this.arm()
  }

  now(): number {
    return this.#scheduler.now()
  }

  /** Something may be waited for from now on. Cheap where the timer is set anyway. */
  arm(): void {
    if (this.#stopped) return
    let earliest = Infinity
    for (const wait of this.#waits) {
      const since = wait.since()
      if (since !== null) earliest = Math.min(earliest, since + wait.afterMs)
    }
    this.armAt(earliest)
  }

  /** As {@link arm}, for who knows the moment. */
  armAt(dueAt: number): void {
    if (dueAt < this.#dueAt && !this.#stopped) this.#schedule(dueAt)
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.unsubscribe()
    this.#timer = null
  }

  #keep(waits: readonly Wait[]): void {
    this.#waits = waits.filter((wait) => wait.afterMs !== Infinity)
  }

  #schedule(dueAt: number): void {
    this.#timer?.unsubscribe()
    this.#dueAt = dueAt
    this.#timer = this.#scheduler.schedule(
      () => {
        this.#look()
      },
      Math.max(0, dueAt - this.now()),
    )
  }

  #look(): void {
    if (this.#over().length === 0) this.#next()
    else {
      this.#timer = afterPendingInput(this.#scheduler, () => {
        for (const wait of this.#over()) if (!this.#stopped) wait.expired()
        this.#next()
      })
    }
  }

  #over(): Wait[] {
    const now = this.now()
    return this.#waits.filter((wait) => {
      const since = wait.since()
      return since !== null && since + wait.afterMs <= now
    })
  }

  #next(): void {
    this.#timer = null
    this.#dueAt = Infinity
    this.arm()
  }
}
