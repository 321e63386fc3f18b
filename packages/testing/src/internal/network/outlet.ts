import { ByteFifo } from './byteFifo.ts'
import type { Link } from './link.ts'
import type { Surroundings } from './surroundings.ts'
import type { Task } from './virtualTime.ts'
import type { Wire } from './wire.ts'

/** What an {@link Outlet} tells. */
export interface OutletEvents {
  /** All that had to wait is with the kernel. */
  drained(): void
  /** So is our FIN. */
  flushed(): void
}

/** Room in the window that the peer has given back, and when we hear of it. */
interface Credit {
  readonly at: number
  readonly bytes: number
}

/**
 * The sending half of a socket.
 *
 * ```
 *  write ──▶ held (ours) ──▶ send buffer (the kernel's) ──▶ wire
 *                 bounded: sendBufferBytes      bounded: what the peer has not read, windowBytes
 * ```
 */
export class Outlet {
  readonly #surroundings: Surroundings
  readonly #link: Link
  readonly #wire: Wire
  readonly #events: OutletEvents
  readonly #held = new ByteFifo()
  readonly #unsent = new ByteFifo()
  #room: number
  #credits: Credit[] = []
  #wake: Task | null = null
  #backlog = false
  #ended = false
  #finSent = false
  #over = false

  constructor(surroundings: Surroundings, link: Link, wire: Wire, events: OutletEvents) {
    this.#surroundings = surroundings
    this.#link = link
    this.#wire = wire
    this.#events = events
    this.#room = surroundings.windowBytes
  }

  get heldBytes(): number {
    return this.#held.length
  }

  /** The caller may use the memory again. */
  write(parts: readonly Uint8Array[]): void {
    if (this.#over) return
    for (const part of parts) this.#held.push(Buffer.from(part))
    this.#pump()
    this.#backlog = this.#held.length !== 0
  }

  /** Our FIN goes behind what was written. */
  end(): void {
    this.#ended = true
    this.#surroundings.time.after(0, () => {
      this.#pump()
      this.#settle()
    })
  }

  /** Nobody is there any more: what the kernel has still goes out, and then a FIN. */
  orphan(): void {
    this.#held.clear()
    this.#ended = true
    this.#backlog = false
    this.#pump()
  }

  /** Nothing more goes out. */
  discard(): void {
    this.#over = true
    this.#unsent.clear()
    if (this.#wake !== null) this.#wake.run = null
  }

  /** The peer has read, and we shall hear of it. */
  credit(bytes: number, at: number): void {
    this.#credits.push({ at, bytes })
    if (this.#unsent.length !== 0 && this.#room === 0) this.#waitForRoom()
  }

  #pump(): void {
    if (this.#over) return
    this.#collect()
    do {
      this.#admit()
      this.#send()
    } while (this.#held.length !== 0 && this.#unsent.length < this.#surroundings.sendBufferBytes)
    if (this.#unsent.length !== 0) this.#waitForRoom()
    else if (this.#ended && !this.#finSent) {
      this.#finSent = true
      this.#wire.launch('fin', NOTHING)
    }
  }

  #admit(): void {
    const space = this.#surroundings.sendBufferBytes - this.#unsent.length
    if (this.#held.length !== 0 && space > 0) this.#unsent.push(this.#held.take(space))
  }

  #send(): void {
    while (this.#unsent.length !== 0 && this.#room !== 0) {
      const size = this.#surroundings.cut(Math.min(this.#unsent.length, this.#room), this.#link)
      this.#room -= size
      this.#wire.launch('data', this.#unsent.take(size))
    }
  }

  #collect(): void {
    const now = this.#surroundings.time.now()
    let [first] = this.#credits
    while (first !== undefined && first.at <= now) {
      this.#room += first.bytes
      this.#credits.shift()
      first = this.#credits[0]
    }
  }

  #waitForRoom(): void {
    const [first] = this.#credits
    if (first === undefined || this.#wake !== null) return
    const { time } = this.#surroundings
    this.#wake = time.after(first.at - time.now(), () => {
      this.#wake = null
      this.#pump()
      this.#settle()
    })
  }

  /** Tells what has come true; never from inside a call of the caller's. */
  #settle(): void {
    if (this.#over || this.#held.length !== 0) return
    if (this.#backlog) {
      this.#backlog = false
      this.#events.drained()
    }
    if (this.#ended) this.#events.flushed()
  }
}

const NOTHING = Buffer.alloc(0)
