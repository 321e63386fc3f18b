import type { Observable } from 'rxjs'
import { QueueFull } from '../errors.ts'
import { Intake } from '../internal/bridges/intake.ts'
import { wholeOption } from '../internal/connection/settings.ts'

/** Options of {@link iterate}. */
export interface IterateOptions {
  /**
   * How many values may wait that came unasked, from where no gate can be held (a timer, an operator that
   * makes many of one). Beyond it: `QueueFull`. Default 1,024.
   */
  readonly maxQueued?: number
}

/**
 * Each value of an Observable, one by one, in a `for await` loop. Loses nothing: while the loop works, the
 * gate of whatever feeds it is held.
 *
 * ```
 *  in    ──a──b──────────c──|
 *  gate  ────┤ held ├─┤ held
 *  loop      a works   b works …
 * ```
 *
 * Cold: the first `next` subscribes. Leaving the loop unsubscribes. Each loop is a subscription of its own.
 *
 * Errors: those of the Observable, behind the values before them · `QueueFull` (local, as `maxQueued` says).
 * Throws `WrongOption` where `maxQueued` is no whole number from 1 on.
 *
 * ```ts
 * import { decode, fromDuplex, iterate } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { Readable, Duplex } from 'node:stream'
 *
 * const peer = Duplex.from(Readable.from([Buffer.from('one\ntwo\n')]))
 * const connection = fromDuplex(peer)
 * for await (const line of iterate(connection.data$.pipe(decode(lines())))) {
 *   console.log(line) // one
 *   // two
 * }
 * ```
 */
export const iterate = <A>(in$: Observable<A>, options: IterateOptions = {}): AsyncIterable<A> => {
  const maxQueued = wholeOption('iterate()', 'maxQueued', options.maxQueued, 1024)
  return { [Symbol.asyncIterator]: () => new Iteration(in$, maxQueued) }
}

/** One call of `next` that waits for its value. */
interface Asked<A> {
  readonly resolve: (result: IteratorResult<A, undefined>) => void
  readonly reject: (error: unknown) => void
}

class Iteration<A> implements AsyncIterator<A, undefined> {
  readonly #intake: Intake<A>
  readonly #maxQueued: number
  /** Values nobody has asked for yet; never any while somebody asks. */
  #values: A[] = []
  #asked: Asked<A>[] = []
  #failure: { readonly error: unknown } | null = null
  #over = false

  constructor(in$: Observable<A>, maxQueued: number) {
    this.#maxQueued = maxQueued
    this.#intake = new Intake(in$, {
      next: (value) => {
        this.#take(value)
      },
      error: (error) => {
        this.#fail(error)
      },
      complete: () => {
        this.#end()
      },
    })
  }

  next(): Promise<IteratorResult<A, undefined>> {
    return new Promise((resolve, reject) => {
      this.#answer({ resolve, reject })
    })
  }

  return(): Promise<IteratorResult<A, undefined>> {
    this.#intake.unsubscribe()
    this.#values = []
    this.#failure = null
    this.#end()
    return Promise.resolve(DONE)
  }

  #answer(asked: Asked<A>): void {
    const failure = this.#failure
    if (this.#values.length !== 0) asked.resolve({ done: false, value: this.#values.shift() as A })
    else if (failure !== null) {
      this.#failure = null
      asked.reject(failure.error)
    } else if (this.#over) asked.resolve(DONE)
    else {
      this.#asked.push(asked)
      this.#intake.demand()
    }
  }

  #take(value: A): void {
    const asked = this.#asked.shift()
    if (asked === undefined) {
      if (this.#values.length < this.#maxQueued) this.#values.push(value)
      else {
        this.#intake.unsubscribe()
        this.#fail(new QueueFull('iterate()', this.#maxQueued))
      }
      return
    }
    asked.resolve({ done: false, value })
    if (this.#asked.length !== 0) this.#intake.demand()
  }

  #fail(error: unknown): void {
    const asked = this.#asked.shift()
    if (asked === undefined) this.#failure = { error }
    else asked.reject(error)
    this.#end()
  }

  #end(): void {
    this.#over = true
    const asked = this.#asked
    this.#asked = []
    for (const { resolve } of asked) resolve(DONE)
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }
