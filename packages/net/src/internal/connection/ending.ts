import type { Closed, ConnectionEvent } from '../../connection.ts'
import type { Cause } from '../../errors.ts'
import type { Emitter } from './emitter.ts'
import { failureOf } from './failure.ts'

/** Who is told that a connection is over, cheaper than by a subscription. */
export interface Ended {
  over(closed: Closed): void
}

/**
 * How a connection ends: the first thing that went wrong, if anything, is the cause, whatever follows
 * from it (R10); and who is to be told.
 */
export class Ending {
  #cause: Cause | null = null
  #closed: Closed | null = null
  #told: Ended | readonly Ended[] | null = null
  #toldLast: ((closed: Closed) => void) | null = null

  /** What is to blame so far. */
  get cause(): Cause | null {
    return this.#cause
  }

  /** The error it is ending for, if any. */
  get error(): unknown {
    return this.#cause !== null && 'error' in this.#cause ? this.#cause.error : undefined
  }

  get closed(): Closed | null {
    return this.#closed
  }

  blame(cause: Cause): void {
    this.#cause ??= cause
  }

  /** At once, if it is over. */
  tellEnd(ended: Ended): void {
    if (this.#closed !== null) ended.over(this.#closed)
    else this.#told = this.#told === null ? ended : [...all(this.#told), ended]
  }

  /** For the runner that opened the socket: told last of all. */
  whenOver(callback: (closed: Closed) => void): void {
    this.#toldLast = callback
  }

  /** It is over: tells everybody, each once. */
  close(closed: Closed, emitter: Emitter<ConnectionEvent>): void {
    this.#closed = closed
    const error = failureOf(closed.cause)
    if (error !== null) emitter.milestone({ _tag: 'Failed', error })
    emitter.milestone(closed)
    emitter.complete()
    const told = this.#told
    this.#told = null
    if (told !== null) for (const ended of all(told)) ended.over(closed)
    this.#toldLast?.(closed)
  }
}

const all = (told: Ended | readonly Ended[]): readonly Ended[] => ('over' in told ? [told] : told)
