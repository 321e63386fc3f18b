import * as E from 'fp-ts/lib/Either.js'
import { SourceGate } from '../../gate.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'

/** Told once: the bytes are taken and there is room for more, or they were refused. */
export type Poured = (error?: Error) => void

/**
 * Writes for somebody who can wait. Whatever the policy of the connection, nothing is given to it while it
 * is full: a writer that holds is waited for at its gate, in turn with all it holds, any other until it has
 * drained.
 *
 * ```
 *  pour(a, b, c)   a ─▶ b ─▶ full        room ─▶ c ─▶ done
 * ```
 *
 * One batch at a time; it leaves in one piece as far as there is room. A batch that finds the connection
 * broken is never done: its owner hears `Closed`.
 */
export class Pourer {
  readonly #connection: LiveConnection
  readonly #gate = new SourceGate({
    pause: () => undefined,
    resume: () => {
      this.#turn = true
      this.#goOn()
    },
  })
  /** Whether the writer has just let us go: then it is our turn, full or not. */
  #turn = false
  #then: (() => void) | null = null

  constructor(connection: LiveConnection) {
    this.#connection = connection
    connection.use()
  }

  pour(parts: readonly Uint8Array[], done: Poured): void {
    let next = 0
    const goOn = (): void => {
      // its writer lets everybody go as well when it breaks: that is no room
      if (isOver(this.#connection)) return
      const outer = this.#gate.enter()
      try {
        for (let part = parts[next]; part !== undefined && !this.#waits; part = parts[++next]) {
          this.#turn = false
          const result = this.#connection.write(part)
          if (E.isLeft(result)) {
            done(result.left)
            return
          }
        }
      } finally {
        this.#gate.leave(outer)
      }
      if (this.#waits) this.#then = goOn
      else done()
    }
    goOn()
  }

  /** To be called at each event `Drained`. */
  drained(): void {
    this.#turn = false
    if (!this.#gate.held) this.#goOn()
  }

  get #waits(): boolean {
    return this.#gate.held || (this.#connection.full && !this.#turn)
  }

  #goOn(): void {
    const then = this.#then
    this.#then = null
    then?.()
  }
}

/** Whether nothing that is written leaves any more. The event `Closed` follows, or has come. */
export const isOver = ({ phase }: LiveConnection): boolean => phase === 'aborting' || phase === 'closed'
