import type { SchedulerLike } from 'rxjs'
import type { Waits } from './timer.ts'
import { Timer } from './timer.ts'

/** One wait: since when it has lasted, or `null` while there is nothing to wait for. */
export interface Wait {
  readonly afterMs: number
  readonly since: () => number | null
  readonly expired: () => void
}

/** A few waits on one {@link Timer}, for who has no table of them. */
export class Clocks implements Waits {
  readonly #waits: readonly Wait[]
  readonly #timer: Timer
  #stopped = false

  constructor(scheduler: SchedulerLike, waits: readonly Wait[]) {
    this.#waits = waits.filter((wait) => wait.afterMs !== Infinity)
    this.#timer = new Timer(scheduler, this)
  }

  now(): number {
    return this.#timer.now()
  }

  /** Something may be waited for from now on. Cheap where the timer is set anyway. */
  arm(): void {
    this.#timer.arm()
  }

  stop(): void {
    this.#stopped = true
    this.#timer.stop()
  }

  dueAt(): number {
    let earliest = Infinity
    for (const { since, afterMs } of this.#waits) earliest = Math.min(earliest, (since() ?? Infinity) + afterMs)
    return earliest
  }

  expire(lookedAt: number): void {
    for (const { since, afterMs, expired } of this.#waits) {
      const from = this.#stopped ? null : since()
      if (from !== null && from <= lookedAt && from + afterMs <= this.now()) expired()
    }
  }
}
