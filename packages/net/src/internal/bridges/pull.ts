import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'
import type { Gate } from '../../gate.ts'
import { createGate } from '../../gate.ts'

type Result<A> = IteratorResult<A, unknown>

/** What a {@link pulled} source takes from: an iterator, or what acts like one. */
export interface Puller<A> {
  next(): Result<A> | Promise<Result<A>>
  /** Nothing more is wanted, although it may have more. */
  stop(): void
}

/** After so many values the loop gets a turn, however fast they come. */
const MOST_IN_A_TURN = 256

/**
 * An Observable with a gate, over what is pulled: one value at a time, and the next is asked for only when
 * nobody holds. Begins anew at each subscription.
 */
export const pulled = <A>(open: () => Puller<A>): Observable<A> =>
  new Observable((subscriber) => {
    const pull = new Pull(subscriber, open())
    subscriber.add(() => {
      pull.stop()
    })
    pull.goOn()
  })

class Pull<A> {
  readonly #subscriber: Subscriber<A>
  readonly #puller: Puller<A>
  readonly #gate: Gate = createGate({
    pause: () => {
      this.#open = false
    },
    resume: () => {
      this.#open = true
      this.goOn()
    },
  })
  #open = true
  #asking = false
  #running = false
  #exhausted = false
  /** What was answered while somebody held. */
  #kept: Result<A> | null = null
  #inThisTurn = 0
  #turn: NodeJS.Immediate | null = null

  constructor(subscriber: Subscriber<A>, puller: Puller<A>) {
    this.#subscriber = subscriber
    this.#puller = puller
  }

  /** Asks and emits as long as it may; called again from inside, the loop under way goes on. */
  readonly goOn = (): void => {
    if (this.#running) return
    this.#running = true
    try {
      while (this.#open && !this.#asking && this.#turn === null && !this.#subscriber.closed) this.#step()
    } finally {
      this.#running = false
    }
  }

  stop(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#turn = null
    if (!this.#exhausted) this.#puller.stop()
    this.#exhausted = true
  }

  #step(): void {
    const kept = this.#kept
    this.#kept = null
    if (kept === null) this.#ask()
    else this.#give(kept)
  }

  #ask(): void {
    try {
      const answer = this.#puller.next()
      if (!(answer instanceof Promise)) {
        this.#kept = answer
        return
      }
      this.#asking = true
      answer.then(this.#answered, this.#failed)
    } catch (error) {
      this.#failed(error)
    }
  }

  readonly #answered = (result: Result<A>): void => {
    this.#asking = false
    this.#kept = result
    this.goOn()
  }

  readonly #failed = (error: unknown): void => {
    this.#exhausted = true
    this.#subscriber.error(error)
  }

  #give(result: Result<A>): void {
    if (result.done === true) {
      this.#exhausted = true
      this.#subscriber.complete()
      return
    }
    this.#gate.run(() => {
      this.#subscriber.next(result.value)
    })
    this.#inThisTurn++
    if (this.#inThisTurn === MOST_IN_A_TURN) this.#turn = setImmediate(this.#nextTurn)
  }

  readonly #nextTurn = (): void => {
    this.#turn = null
    this.#inThisTurn = 0
    this.goOn()
  }
}
