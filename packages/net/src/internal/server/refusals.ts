import type { Duplex } from 'node:stream'
import type { SchedulerLike, Unsubscribable } from 'rxjs'
import type { Goodbye } from '../../listenOptions.ts'
import type { RefusalReason } from '../../listener.ts'

const LINGER_MS = 1_000
const MOST_LINGERING = 256

/**
 * Sends away who is not let in. Without a word the socket is closed at once. With one, or when the server
 * closes and it is nobody's fault, the peer is given a second to read it and to end: closing a socket with
 * unread input would reset the connection and destroy the word at the peer (FAULTS 0.7).
 */
export class Refusals {
  readonly #goodbye: Goodbye | undefined
  readonly #scheduler: SchedulerLike
  readonly #lingering = new Map<Duplex, Unsubscribable>()
  #onEmpty: () => void = () => undefined

  constructor(goodbye: Goodbye | undefined, scheduler: SchedulerLike) {
    this.#goodbye = goodbye
    this.#scheduler = scheduler
  }

  /** How many are still reading what they were told. */
  get size(): number {
    return this.#lingering.size
  }

  /** Called whenever the last one has gone. */
  whenEmpty(callback: () => void): void {
    this.#onEmpty = callback
  }

  /** `mute`: he would not understand a word, for he expects TLS. */
  refuse(duplex: Duplex, reason: RefusalReason, mute: boolean): void {
    duplex.on('error', ignore)
    const words = mute ? undefined : this.#wordsFor(reason)
    if (duplex.destroyed || (words === undefined && reason !== 'draining')) {
      duplex.destroy()
      return
    }
    if (words === undefined) duplex.end()
    else duplex.end(words)
    // a descriptor is what is missing; and a crowd of refused ones must not become the next problem
    if (reason === 'descriptors' || this.#lingering.size >= MOST_LINGERING) duplex.destroy()
    else this.#linger(duplex)
  }

  /** Everybody goes now. */
  stop(): void {
    for (const duplex of [...this.#lingering.keys()]) duplex.destroy()
  }

  #linger(duplex: Duplex): void {
    const deadline = this.#scheduler.schedule(() => {
      duplex.destroy()
    }, LINGER_MS)
    this.#lingering.set(duplex, deadline)
    duplex.once('close', () => {
      deadline.unsubscribe()
      this.#lingering.delete(duplex)
      if (this.#lingering.size === 0) this.#onEmpty()
    })
    // what still comes is for nobody
    duplex.resume()
  }

  #wordsFor(reason: RefusalReason): Uint8Array | string | undefined {
    if (typeof this.#goodbye !== 'function') return this.#goodbye
    try {
      return this.#goodbye(reason)
    } catch {
      // the refusal stands, whatever went wrong with the words for it
      return undefined
    }
  }
}

const ignore = (): void => undefined
