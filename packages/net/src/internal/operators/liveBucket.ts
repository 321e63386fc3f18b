import type { SchedulerLike, Unsubscribable } from 'rxjs'
import type { TokenBucket } from '../../rate.ts'

/** A timer of Node's that is given more fires at once. */
const LONGEST_MS = 2 ** 31 - 1

interface Waiter {
  readonly cost: number
  /** Answers whether the tokens were used; they are back in the bucket otherwise. */
  readonly granted: () => boolean
}

/** The bucket behind its interface: a level that is counted when it is looked at, and a queue of who waits. */
export class LiveBucket implements TokenBucket {
  readonly perSecond: number
  readonly burst: number
  readonly #scheduler: SchedulerLike
  #level: number
  #at: number
  #waiting: Waiter[] = []
  #timer: Unsubscribable | null = null
  #serving = false

  constructor(perSecond: number, burst: number, scheduler: SchedulerLike) {
    this.perSecond = perSecond
    this.burst = burst
    this.#scheduler = scheduler
    this.#level = burst
    this.#at = scheduler.now()
  }

  get tokens(): number {
    this.#fill()
    return Math.min(this.#level, this.burst)
  }

  take(cost = 1): boolean {
    this.#fill()
    if (this.#waiting.length !== 0 || !(cost >= 0) || !this.#suffices(cost)) return false
    this.#level -= cost
    return true
  }

  /** Calls `granted` once the tokens are there, in its turn; never at once. */
  wait(cost: number, granted: () => boolean): Unsubscribable {
    const waiter = { cost, granted }
    this.#waiting.push(waiter)
    this.#arm()
    return {
      unsubscribe: () => {
        this.#fill()
        this.#waiting = this.#waiting.filter((other) => other !== waiter)
        this.#arm()
      },
    }
  }

  readonly #serve = (): void => {
    this.#serving = true
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      this.#fill()
      if (!this.#suffices(first.cost)) break
      this.#waiting.shift()
      this.#level -= first.cost
      if (!first.granted()) this.#level += first.cost
    }
    this.#serving = false
    this.#arm()
  }

  /** One timer, for who is first. */
  #arm(): void {
    if (this.#serving) return
    this.#timer?.unsubscribe()
    this.#timer = null
    const [first] = this.#waiting
    if (first === undefined) return
    this.#fill()
    const missing = Math.max(0, this.#need(first.cost) - this.#level)
    const afterMs = Math.min(Math.ceil((missing / this.perSecond) * 1000), LONGEST_MS)
    this.#timer = this.#scheduler.schedule(this.#serve, afterMs)
  }

  /** What it costs to begin: the rest, of what costs more than a burst, is a debt. */
  #need(cost: number): number {
    return Math.min(cost, this.burst)
  }

  #suffices(cost: number): boolean {
    // a sum of many fractions may fall short by one of the last digits
    return this.#level >= this.#need(cost) * (1 - 1e-9)
  }

  #fill(): void {
    const now = this.#scheduler.now()
    const [first] = this.#waiting
    // while somebody waits his tokens are not lost, should the timer be late
    const most = this.burst + (first === undefined ? 0 : this.#need(first.cost))
    this.#level = Math.min(most, this.#level + ((now - this.#at) / 1000) * this.perSecond)
    this.#at = now
  }
}
