import { setImmediate as turn } from 'node:timers/promises'
import type { SchedulerAction, SchedulerLike } from 'rxjs'
import { Subscription } from 'rxjs'

/** After so many turns of the event loop in which nothing was due, nothing is under way. */
const QUIET = 2

type Work = (this: SchedulerAction<unknown>, state?: unknown) => void

/**
 * A clock that stands still until it is told to go on. RxJS has one as well, which sorts all its timers for each that is
 * set; here there may be many thousands.
 */
export class VirtualClock implements SchedulerLike {
  #now = 0
  /** What is to be done at which moment, in the order in which it was asked for. */
  readonly #due = new Map<number, Set<Timed>>()

  now(): number {
    return this.#now
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    // a scheduler gives the work the state it was given with it
    return new Timed(this, work as Work).schedule(state, delay)
  }

  /** How many timers are set. */
  get timers(): number {
    return [...this.#due.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** Lets promises and timers have their turn until nothing is under way any more, or so much time has passed. */
  async settle(ms: number): Promise<void> {
    const until = this.#now + ms
    for (let quiet = 0; quiet < QUIET; quiet++) {
      await turn()
      const next = this.#next()
      if (next > until) continue
      quiet = 0
      this.#run(next)
    }
  }

  /** Moves time on, and runs what becomes due. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (let next = this.#next(); next <= until; next = this.#next()) this.#run(next)
    this.#now = until
  }

  set(timed: Timed, delay: number): number {
    const moment = this.#now + Math.max(0, delay)
    const all = this.#due.get(moment) ?? new Set()
    this.#due.set(moment, all.add(timed))
    return moment
  }

  clear(timed: Timed, moment: number): void {
    const all = this.#due.get(moment)
    if (all?.delete(timed) === true && all.size === 0) this.#due.delete(moment)
  }

  #next(): number {
    return Math.min(...this.#due.keys())
  }

  /** Runs what is due at that moment; what is set for the same moment meanwhile has its turn later. */
  #run(moment: number): void {
    this.#now = Math.max(this.#now, moment)
    for (const timed of [...(this.#due.get(moment) ?? [])]) timed.run()
  }
}

/** One timer: an action of RxJS, which may set itself again from within its work. */
class Timed extends Subscription implements SchedulerAction<unknown> {
  readonly #clock: VirtualClock
  readonly #work: Work
  #moment: number | null = null
  #state: unknown

  constructor(clock: VirtualClock, work: Work) {
    super()
    this.#clock = clock
    this.#work = work
    this.add(() => {
      this.#clear()
    })
  }

  schedule(state?: unknown, delay = 0): Subscription {
    if (this.closed) return this
    this.#clear()
    this.#state = state
    this.#moment = this.#clock.set(this, delay)
    return this
  }

  run(): void {
    if (this.#moment === null) return
    this.#clear()
    this.#work.call(this, this.#state)
  }

  #clear(): void {
    if (this.#moment !== null) this.#clock.clear(this, this.#moment)
    this.#moment = null
  }
}
