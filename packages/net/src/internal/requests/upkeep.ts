import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { quietly } from '../time/quietly.ts'

/** What a pool does with connections that nobody uses. */
export interface UpkeepSettings {
  /** After so long without use one that is over the least number is ended. */
  readonly idleMs: number
  /** After so long without use, and then again and again, it is asked whether it is well. */
  readonly checkMs: number
  readonly scheduler: SchedulerLike
}

/** A connection as an {@link Upkeep} sees it. */
export interface Kept {
  readonly isUp: boolean
  /** Whether nothing is in flight. */
  readonly idle: boolean
  usedAt: number
  checkedAt: number
}

/** What an {@link Upkeep} does. */
export interface Keeper<T extends Kept> {
  readonly kept: Iterable<T>
  /** Whether there are more than are kept although nobody uses them. */
  readonly spare: boolean
  retire(one: T): void
  check(one: T): void
}

/** Looks after the connections of a pool, on one timer that keeps no process running. */
export class Upkeep<T extends Kept> {
  readonly #settings: UpkeepSettings
  readonly #keeper: Keeper<T>
  #timer: Unsubscribable | null = null

  constructor(settings: UpkeepSettings, keeper: Keeper<T>) {
    this.#settings = settings
    this.#keeper = keeper
  }

  /** There is a connection to look after. */
  arm(): void {
    if (this.#timer !== null) return
    const dueAt = this.#dueAt()
    if (dueAt === Infinity) return
    const { scheduler } = this.#settings
    const delayMs = Math.max(1, Math.min(dueAt - scheduler.now(), LONGEST_MS))
    this.#timer = quietly(scheduler, delayMs, () => {
      this.#timer = null
      this.#look()
      this.arm()
    })
  }

  stop(): void {
    this.#timer?.unsubscribe()
    this.#timer = null
  }

  #look(): void {
    const { idleMs, checkMs, scheduler } = this.#settings
    const now = scheduler.now()
    for (const one of [...this.#keeper.kept]) {
      if (!one.isUp || !one.idle) continue
      if (this.#keeper.spare && now - one.usedAt >= idleMs) this.#keeper.retire(one)
      else if (now - Math.max(one.usedAt, one.checkedAt) >= checkMs) {
        one.checkedAt = now
        this.#keeper.check(one)
      }
    }
  }

  /** One in use is looked at again when it may have been unused for long enough. */
  #dueAt(): number {
    const { idleMs, checkMs, scheduler } = this.#settings
    const now = scheduler.now()
    let earliest = Infinity
    for (const { isUp, idle, usedAt, checkedAt } of this.#keeper.kept) {
      if (!isUp) continue
      const since = idle ? usedAt : now
      const idleAt = this.#keeper.spare ? since + idleMs : Infinity
      earliest = Math.min(earliest, idleAt, Math.max(since, checkedAt) + checkMs)
    }
    return earliest
  }
}

/** A timer of Node's that is given more fires at once. */
const LONGEST_MS = 2 ** 31 - 1
