import type { ByteQueue, EncodeError, Protocol } from '@sluice/protocol'
import { byteQueue } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { FullPolicy } from './connection.ts'
import { WriterFull } from './errors.ts'
import type { Gate } from './gate.ts'
import { currentGate } from './gate.ts'
import type { Flushable } from './internal/connection/dispatch.ts'
import { flushSoon } from './internal/connection/dispatch.ts'
import { Slabs } from './internal/connection/slabs.ts'
import type { Transport } from './internal/transport/transport.ts'

/** What a {@link Writer} tells its connection. */
export interface WriterEvents {
  /** Bytes wait that the kernel did not take at once: time to watch whether the peer reads. */
  backlog(): void
  dropped(messages: number): void
  /** The bound is passed and the policy is `fail`. */
  overflowed(error: WriterFull): void
}

/** What a {@link Writer} needs of what it writes to. */
export type Outlet = Pick<Transport, 'copies' | 'queuedBytes' | 'write'>

export interface WriterSettings {
  readonly whenFull: FullPolicy
  readonly highWaterMark: number
  readonly maxUnsentBytes: number
}

/**
 * The bounded, joining output of one connection (R6, R7).
 *
 * ```
 *  write write write │ end of dispatch          socket backed up            drained
 *  ├ a ├ b ├ c ┤ ────┼──▶ one system call       ├ d ├ e ┤ wait here ────────▶ one system call
 * ```
 *
 * At most one batch is with the socket at a time; what comes meanwhile waits here, whole, so that a
 * policy can still choose among it.
 */
export class Writer implements Flushable {
  readonly #transport: Outlet
  readonly #settings: WriterSettings
  readonly #events: WriterEvents
  readonly #queue: ByteQueue
  /** Where the queue has its memory; `null` where others may still look at it, so that it is never ours again. */
  readonly #slabs: Slabs | null
  /** Only for `dropOldest`, while the socket is backed up: what waits, message by message, from `#oldest` on. */
  #waiting: Uint8Array[] = []
  #oldest = 0
  #waitingBytes = 0
  /** The gates of the sources that fed us while we were full. */
  #held: Gate[] = []
  #scheduled = false
  #backedUp = false
  #discarded = false
  #dropped = 0
  /** Bytes given to the transport, and how many of them are known to be with the kernel. */
  #handedOver = 0
  #sent = 0
  #unsentAtEnd = 0

  constructor(transport: Outlet, settings: WriterSettings, events: WriterEvents) {
    this.#transport = transport
    const slabs = transport.copies ? new Slabs() : null
    this.#slabs = slabs
    this.#queue = slabs === null ? byteQueue() : byteQueue((bytes) => slabs.take(bytes, this.#backedUp))
    this.#settings = settings
    this.#events = events
  }

  /** Bytes that are not with the kernel; after the end, those that are not known to be. */
  get unsentBytes(): number {
    if (this.#discarded) return this.#unsentAtEnd
    return this.#queue.length + this.#waitingBytes + this.#transport.queuedBytes
  }

  /** Bytes known to be with the kernel. */
  get sentBytes(): number {
    this.sample()
    return this.#sent
  }

  get dropped(): number {
    return this.#dropped
  }

  get full(): boolean {
    return this.#backedUp && this.unsentBytes >= this.#settings.highWaterMark
  }

  /** Appends one message as its protocol writes it. On `Left` nothing of it is queued. */
  write<Out>(protocol: Protocol<unknown, Out>, message: Out): Either<EncodeError | WriterFull, void> {
    if (this.#backedUp) return this.#writeBackedUp(protocol, message)
    const queue = this.#queue
    const result = protocol.encode(message, queue)
    if (E.isLeft(result)) return result
    if (!this.#scheduled) {
      this.#scheduled = true
      flushSoon(this)
    }
    // text that waits in the queue is encoded for a closer look only where the bound may be near
    if (queue.atMost >= this.#settings.highWaterMark && queue.length >= this.#settings.highWaterMark) {
      // large enough to go, dispatch or not; only if the kernel does not take it are we full
      this.#handOver()
      if (this.full) this.#holdSource()
    }
    return result
  }

  /** Hands the queue over, unless the socket still has enough. */
  flush(): void {
    this.#scheduled = false
    if (!this.#backedUp) this.#handOver()
  }

  /** Everything goes to the socket, whether it wants it or not: the end follows. */
  flushLast(): void {
    this.#handOver()
  }

  /** Everything and our FIN are with the kernel. */
  flushed(): void {
    this.#sent = this.#handedOver
  }

  /** The socket has given everything to the kernel. */
  drained(): void {
    this.#sent = this.#handedOver
    this.#backedUp = false
    this.#slabs?.giveBack()
    this.#handOver()
    if (!this.full) this.#releaseAll()
  }

  /** Asks the transport what has left; a transport that broke can no longer be asked. */
  sample(): void {
    if (!this.#discarded) this.#sent = Math.max(this.#sent, this.#handedOver - this.#transport.queuedBytes)
  }

  /** The connection is over: nothing more leaves, nobody is held. */
  discard(): void {
    if (this.#discarded) return
    this.#unsentAtEnd = this.#queue.length + this.#waitingBytes + this.#handedOver - this.#sent
    this.#discarded = true
    this.#backedUp = false
    this.#queue.take()
    this.#waiting = []
    this.#oldest = this.#waitingBytes = 0
    this.#releaseAll()
  }

  #writeBackedUp<Out>(protocol: Protocol<unknown, Out>, message: Out): Either<EncodeError | WriterFull, void> {
    const { maxUnsentBytes: limit, whenFull } = this.#settings
    const unsent = this.unsentBytes
    if (unsent >= limit) {
      if (whenFull === 'dropNewest') {
        this.#drop(1)
        return DROPPED
      }
      if (whenFull !== 'dropOldest') {
        const error = new WriterFull(limit, unsent)
        this.#events.overflowed(error)
        return E.left(error)
      }
    }
    const result = protocol.encode(message, this.#queue)
    if (E.isLeft(result)) return result
    if (whenFull === 'dropOldest') this.#keepNewest()
    else if (this.full) this.#holdSource()
    return result
  }

  /** The message just encoded waits, and for its sake the oldest ones that are over the bound do not. */
  #keepNewest(): void {
    const message = this.#takeWhole()
    this.#waiting.push(message)
    this.#waitingBytes += message.length
    const most = this.#settings.maxUnsentBytes - this.#transport.queuedBytes
    const before = this.#oldest
    while (this.#oldest < this.#waiting.length - 1 && this.#waitingBytes > most) {
      this.#waitingBytes -= this.#waiting[this.#oldest]?.length ?? 0
      this.#waiting[this.#oldest++] = NOTHING
    }
    const gone = this.#oldest - before
    if (gone > 0) this.#drop(gone)
    // what is left moves seldom: with every message it would be the square of them
    if (this.#oldest * 2 > this.#waiting.length) this.#forgetDropped()
  }

  #forgetDropped(): void {
    this.#waiting.splice(0, this.#oldest)
    this.#oldest = 0
  }

  /** What was just encoded, in memory of its own size: it may wait for long. */
  #takeWhole(): Uint8Array {
    const message = this.#queue.take()
    const alone = message.length === message.buffer.byteLength
    const kept = alone ? message : new Uint8Array(message)
    this.#slabs?.forget(kept.buffer)
    return kept
  }

  #handOver(): void {
    if (this.#discarded) return
    // taken out before the stream sees them: one in memory may call back from inside `write`
    const queued = this.#queue.takeParts()
    if (this.#oldest !== 0) this.#forgetDropped()
    const parts = this.#waiting.length === 0 ? queued : [...this.#waiting, ...queued]
    if (parts.length === 0) return
    if (this.#backedUp) this.sample()
    this.#waiting = []
    this.#waitingBytes = 0
    let bytes = 0
    for (let i = 0; i < parts.length; i++) bytes += parts[i]?.length ?? 0
    this.#handedOver += bytes
    this.#transport.write(parts)
    const taken = this.#transport.queuedBytes === 0
    // a transport that has changed to TLS keeps what it is given
    if (this.#transport.copies) this.#slabs?.handOver(taken)
    else this.#slabs?.leave()
    if (taken) this.#sent = this.#handedOver
    else {
      this.#backedUp = true
      this.#events.backlog()
    }
  }

  #holdSource(): void {
    if (this.#settings.whenFull !== 'hold') return
    const gate = currentGate()
    if (gate === null || this.#held.includes(gate)) return
    this.#held.push(gate)
    gate.hold(this)
  }

  #releaseAll(): void {
    if (this.#held.length === 0) return
    const held = this.#held
    this.#held = []
    for (const gate of held) gate.release(this)
  }

  #drop(messages: number): void {
    this.#dropped += messages
    this.#events.dropped(messages)
  }
}

const NOTHING = new Uint8Array(0)
const DROPPED: Either<never, void> = E.right(undefined)
