import type { SchedulerLike } from 'rxjs'
import { Timer } from '../time/timer.ts'
import type { Asked } from './asked.ts'

/** The deadlines of all requests of a client, on one timer; none is set while nobody waits. */
export class Deadlines<Req, Res, Out> {
  readonly #scheduler: SchedulerLike
  readonly #expired: (all: readonly Asked<Req, Res, Out>[]) => void
  readonly #all = new Set<Asked<Req, Res, Out>>()
  #timer: Timer | null = null

  constructor(scheduler: SchedulerLike, expired: (all: readonly Asked<Req, Res, Out>[]) => void) {
    this.#scheduler = scheduler
    this.#expired = expired
  }

  /** Counts from now. */
  begin(asked: Asked<Req, Res, Out>): void {
    if (asked.timeoutMs === Infinity) return
    asked.dueAt = this.#scheduler.now() + asked.timeoutMs
    this.#all.add(asked)
    this.#timer ??= new Timer(this.#scheduler, this)
    this.#timer.armAt(asked.dueAt)
  }

  end(asked: Asked<Req, Res, Out>): void {
    if (!this.#all.delete(asked) || this.#all.size !== 0) return
    this.#timer?.stop()
    this.#timer = null
  }

  dueAt(): number {
    let earliest = Infinity
    for (const { dueAt } of this.#all) if (dueAt < earliest) earliest = dueAt
    return earliest
  }

  expire(lookedAt: number): void {
    const all = [...this.#all].filter(({ dueAt }) => dueAt <= lookedAt)
    if (all.length > 0) this.#expired(all)
  }
}
