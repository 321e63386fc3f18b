import type { SchedulerAction, SchedulerLike } from 'rxjs'
import { Subscription } from 'rxjs'

/** Whoever does more without letting time pass never will. */
const MOST_AT_ONCE = 100_000

/** Something that is to be done at a moment; `null` once it is done, or is not to be. */
export interface Task {
  readonly at: number
  readonly order: number
  run: (() => void) | null
}

/**
 * Time that only passes when there is nothing left to do: the next task is at the next moment. Tasks of one moment
 * are done in the order in which they were asked for.
 */
export class VirtualTime implements SchedulerLike {
  #now = 0
  #order = 0
  /** How many tasks were done since time last passed. */
  #atOnce = 0
  /** A heap: each task is due before the two at twice its place. */
  readonly #heap: Task[] = []
  /** Called where there was nothing to do and now there is. */
  onWork: () => void = () => undefined
  /** How many tasks were done. */
  done = 0

  readonly now = (): number => this.#now

  /** Does something after so many milliseconds. */
  after(delayMs: number, run: () => void): Task {
    const task: Task = { at: this.#now + (delayMs > 0 ? delayMs : 0), order: this.#order++, run }
    this.#push(task)
    if (this.#heap.length === 1) this.onWork()
    return task
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new VirtualAction(this, work).schedule(state, delay)
  }

  /** How many tasks are still to be done. */
  get pending(): number {
    return this.#heap.filter(({ run }) => run !== null).length
  }

  /** When the next task is due; `Infinity` where there is none. */
  get dueAt(): number {
    let [first] = this.#heap
    while (first?.run === null) {
      this.#pop()
      first = this.#heap[0]
    }
    return first?.at ?? Infinity
  }

  /** Does the next task if it is due by then; answers whether there was one. */
  step(until: number): boolean {
    const { dueAt } = this
    if (dueAt > until || dueAt === Infinity) return false
    const task = this.#pop()
    this.#atOnce = dueAt > this.#now ? 0 : this.#atOnce + 1
    if (this.#atOnce > MOST_AT_ONCE) throw new Error(`time stands still: ${String(MOST_AT_ONCE)} tasks at one moment`)
    this.#now = Math.max(this.#now, dueAt)
    this.done++
    const run = task?.run
    if (task !== undefined) task.run = null
    run?.()
    return true
  }

  /** Nothing is left to do before then. */
  arrive(at: number): void {
    this.#now = Math.max(this.#now, at)
  }

  #push(task: Task): void {
    const heap = this.#heap
    let place = heap.length
    heap.push(task)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || before(parent, task)) break
      heap[place] = parent
      place = above
    }
    heap[place] = task
  }

  #pop(): Task | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let place = 0
    for (;;) {
      const child = this.#sooner(2 * place + 1)
      const next = heap[child]
      if (next === undefined || before(last, next)) break
      heap[place] = next
      place = child
    }
    heap[place] = last
    return first
  }

  /** Which of two neighbours is due before the other. */
  #sooner(left: number): number {
    const [one, other] = [this.#heap[left], this.#heap[left + 1]]
    return one !== undefined && other !== undefined && before(other, one) ? left + 1 : left
  }
}

const before = (one: Task, other: Task): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/** What RxJS schedules: it can schedule itself again. */
class VirtualAction<T> extends Subscription implements SchedulerAction<T> {
  readonly #time: VirtualTime
  readonly #work: (this: SchedulerAction<T>, state?: T) => void
  #task: Task | null = null

  constructor(time: VirtualTime, work: (this: SchedulerAction<T>, state?: T) => void) {
    super()
    this.#time = time
    this.#work = work
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this
    if (this.#task !== null) this.#task.run = null
    // as Node's timers: whole milliseconds, and one at least; never early
    const task = this.#time.after(Math.max(1, Math.ceil(delay)), () => {
      this.#task = null
      this.#work(state)
      // what has not asked for another turn is over
      if (this.#task === null) this.unsubscribe()
    })
    this.#task = task
    return this
  }

  override unsubscribe(): void {
    if (this.#task !== null) this.#task.run = null
    this.#task = null
    super.unsubscribe()
  }
}
