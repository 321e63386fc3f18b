import type { Surroundings } from './surroundings.ts'
import type { Task } from './virtualTime.ts'

/** What a {@link KeepAlive} asks and tells. */
export interface KeepAliveEvents {
  /** Whether a question and its answer would get through. */
  passes(): boolean
  /** Whether there is a socket to answer. */
  answers(): boolean
  /** Whether bytes are under way: then TCP does not ask, it sends them again. */
  unacknowledged(): boolean
  broke(code: string): void
}

/** As Linux does where Node has set nothing but the first wait: ten questions, a second apart. */
const ASK_EVERY_MS = 1_000
const MOST_QUESTIONS = 10

/**
 * TCP's own questions to a silent peer. Asked only while there is a reason to doubt: where all is well the answer is
 * known, and a simulation of it costs nothing.
 */
export class KeepAlive {
  readonly #surroundings: Surroundings
  readonly #afterMs: number
  readonly #events: KeepAliveEvents
  #heardAt: number
  #unanswered = 0
  #task: Task | null = null

  constructor(surroundings: Surroundings, afterMs: number, events: KeepAliveEvents) {
    this.#surroundings = surroundings
    this.#afterMs = afterMs
    this.#events = events
    this.#heardAt = surroundings.time.now()
  }

  heard(): void {
    this.#heardAt = this.#surroundings.time.now()
  }

  suspect(): void {
    if (this.#task === null && this.#afterMs !== Infinity) this.#wait()
  }

  stop(): void {
    if (this.#task !== null) this.#task.run = null
    this.#task = null
  }

  #wait(): void {
    const { time } = this.#surroundings
    const due = this.#unanswered === 0 ? this.#heardAt + this.#afterMs - time.now() : ASK_EVERY_MS
    this.#task = time.after(Math.max(due, ASK_EVERY_MS), () => {
      this.#task = null
      this.#ask()
    })
  }

  #ask(): void {
    const events = this.#events
    if (this.#surroundings.time.now() - this.#heardAt < this.#afterMs) this.#unanswered = 0
    else if (events.passes()) {
      this.#unanswered = 0
      this.heard()
      if (!events.answers()) events.broke('ECONNRESET')
      return
    } else if (!events.unacknowledged() && ++this.#unanswered >= MOST_QUESTIONS) {
      events.broke('ETIMEDOUT')
      return
    }
    this.#wait()
  }
}
