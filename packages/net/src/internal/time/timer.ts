import type { SchedulerAction, SchedulerLike, Unsubscribable } from 'rxjs'
import { afterPendingInput } from './monotonic.ts'

/** Node's timers take no longer delay: beyond it they run at once. */
const MOST_MS = 2 ** 31 - 1

/** What a {@link Timer} is for: any number of waits, of which it knows only when to look. */
export interface Waits {
  /** The earliest moment at which a wait may be over; `Infinity` where nothing is waited for. */
  dueAt(): number
  /** Does what is to be done for each wait that is over and for which nothing has happened since `lookedAt`. */
  expire(lookedAt: number): void
}

/**
 * All the waits of one connection on one timer. Nothing is touched per byte: whoever makes progress
 * only leaves a time stamp, and the timer looks at the stamps when the earliest wait may be over.
 *
 * ```
 *  due ──▶ over? ──▶ pending input is read ──▶ over, and no stamp since? ──▶ expired
 *            no: set anew                        no: set anew
 * ```
 *
 * So a stalled event loop is no time-out (R22): what came during the stall has left its stamp by the second look,
 * which is not counted from, however long it took to handle.
 */
export class Timer {
  readonly #scheduler: SchedulerLike
  readonly #waits: Waits
  #action: Unsubscribable | null = null
  #dueAt = Infinity
  #stopped = false

  constructor(scheduler: SchedulerLike, waits: Waits) {
    this.#scheduler = scheduler
    this.#waits = waits
  }

  now(): number {
    return this.#scheduler.now()
  }

  /** Something may be waited for from now on. Cheap where the timer is set anyway. */
  arm(): void {
    if (!this.#stopped) this.armAt(this.#waits.dueAt())
  }

  /** As {@link arm}, for who knows the moment. */
  armAt(dueAt: number): void {
    if (dueAt >= this.#dueAt || this.#stopped) return
    this.#action?.unsubscribe()
    this.#dueAt = dueAt
    const delay = Math.max(0, Math.min(dueAt - this.now(), MOST_MS))
    this.#action = this.#scheduler.schedule(look, delay, this)
  }

  stop(): void {
    this.#stopped = true
    this.#action?.unsubscribe()
    this.#action = null
  }

  look(): void {
    const lookedAt = this.now()
    if (this.#waits.dueAt() <= lookedAt) {
      this.#action = afterPendingInput(this.#scheduler, () => {
        this.#waits.expire(lookedAt)
        this.#next()
      })
    } else this.#next()
  }

  #next(): void {
    // what has expired may have armed it already
    this.#action?.unsubscribe()
    this.#action = null
    this.#dueAt = Infinity
    this.arm()
  }
}

/** One function for all timers: what it belongs to is its state. */
function look(this: SchedulerAction<Timer>, timer?: Timer): void {
  timer?.look()
}
