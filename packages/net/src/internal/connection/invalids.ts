import type { Invalid } from '@sluice/protocol'
import type { InvalidMessages } from '../../connection.ts'

/**
 * Counts the messages of one connection that were none, and tells of them once a turn: a chunk of nothing else is one
 * event, with the first error of it.
 */
export class Invalids {
  count = 0
  readonly #tell: (event: InvalidMessages) => void
  #untold = 0
  #first: Invalid | null = null

  constructor(tell: (event: InvalidMessages) => void) {
    this.#tell = tell
  }

  add(error: Invalid): void {
    this.count++
    this.#untold++
    if (this.#first !== null) return
    this.#first = error
    queueMicrotask(() => {
      this.flush()
    })
  }

  /** Tells what is not told yet: now, for the connection is over. */
  flush(): void {
    const [error, messages] = [this.#first, this.#untold]
    if (error === null) return
    this.#first = null
    this.#untold = 0
    this.#tell({ _tag: 'Invalid', messages, error })
  }
}
