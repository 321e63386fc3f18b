import type { Cause } from '../errors.ts'
import { AlreadySubscribed, ConnectionLost } from '../errors.ts'
import type { Gated } from '../gate.ts'
import { SourceGate } from '../gate.ts'
import type { Transport } from './transport.ts'

/** Who takes the bytes of a connection; one at a time. */
export interface Reader {
  /** Called inside the gate. Who cannot take all of it now parks at the gate. */
  chunk(bytes: Uint8Array): void
  /** The peer's FIN; nothing follows. */
  end(): void
  /** No more is read, without a FIN: this side shuts down. */
  cut(): void
  fail(error: Error): void
  /** Since when an unfinished frame has been waiting, or `null`. */
  frameSince(): number | null
}

/** What an {@link Inlet} tells its connection. */
export interface InletEvents {
  /** The peer has ended, and everything before its end is taken. */
  peerFin(): void
  /** The reader, if there is one, has been told of that. */
  finTaken(): void
  sourcePaused(): void
  sourceResumed(): void
  /** From now on bytes may come. */
  flows(): void
  /** Nobody reads any more. */
  left(): void
}

/**
 * The reading side of a connection: bytes, in order, once, to one reader, and none while the gate is
 * held (R1 to R4).
 *
 * | | a reader | nobody |
 * |---|---|---|
 * | gate open | bytes flow | paused |
 * | gate held | paused | paused |
 * | our side ended | as above | one chunk is kept, to see the peer's end |
 * | discarding | bytes flow | dropped and counted |
 */
export class Inlet implements Gated {
  readonly gate = new SourceGate(this)
  readonly #transport: Transport
  readonly #events: InletEvents
  #reader: Reader | null = null
  #flowing = false
  #discarding = false
  /** Whether our side has ended: from then on the peer's end is looked for, also while nobody reads. */
  #looking = false
  /** What came while nobody could take it; at most what the transport had under way. */
  #kept: Uint8Array[] = []
  #fin: 'none' | 'pending' | 'told' = 'none'
  #cut = false
  /** Why the connection is over, if it is; an error is made of it only for who is there to hear it. */
  #over: Cause | null = null
  #dropped = 0
  /** What a decoder has taken from us and given to nobody. */
  undecoded: () => number = () => 0

  constructor(transport: Transport, events: InletEvents) {
    this.#transport = transport
    this.#events = events
  }

  get reader(): Reader | null {
    return this.#reader
  }

  /** Bytes received that no message and no subscriber took. */
  get unreadBytes(): number {
    let bytes = this.#dropped + this.undecoded()
    for (const chunk of this.#kept) bytes += chunk.length
    return bytes
  }

  /** Whether this side wants no more: what comes is dropped, or soon will be. */
  get leaving(): boolean {
    return this.#cut || (this.#discarding && this.#reader === null)
  }

  get flowing(): boolean {
    return this.#flowing
  }

  /** Whether what the peer has sent is not all taken yet, its end included. */
  get pending(): boolean {
    return this.#fin === 'pending' && this.#over === null
  }

  attach(reader: Reader): void {
    if (this.#reader !== null) {
      reader.fail(new AlreadySubscribed())
      return
    }
    if (this.#fin === 'told' && this.#kept.length === 0) {
      reader.end()
      return
    }
    if (this.#over !== null) {
      reader.fail(new ConnectionLost(this.#over))
      return
    }
    this.#reader = reader
    this.#pump()
  }

  detach(reader: Reader): void {
    if (this.#reader !== reader) return
    this.#reader = null
    this.#pump()
    this.#events.left()
  }

  received(chunk: Uint8Array): void {
    const reader = this.#reader
    if (reader !== null && !this.gate.held && !this.gate.parked && this.#kept.length === 0) this.#give(reader, chunk)
    else if (reader === null && this.#discarding) this.#dropped += chunk.length
    else {
      this.#kept.push(chunk)
      if (reader === null) this.#stop()
    }
  }

  ended(): void {
    if (this.#fin !== 'none') return
    this.#fin = 'pending'
    this.#pump()
  }

  /** Our side has ended. While nobody reads, at most one chunk is taken in, and kept, to see the peer's end. */
  lookForEnd(): void {
    this.#looking = true
    this.#pump()
  }

  /** From now on bytes that nobody takes are dropped, so that the peer's end is reached. */
  discard(): void {
    this.#discarding = true
    this.#pump()
  }

  /** This side shuts down: the reader gets what is decoded already, then its end. */
  cut(): void {
    this.#cut = true
    this.#pump()
  }

  /** The connection is over: nothing more comes. */
  fail(reason: Cause): void {
    if (this.#over !== null) return
    this.#over = reason
    const reader = this.#reader
    this.#reader = null
    reader?.fail(new ConnectionLost(reason))
  }

  pause(): void {
    this.#stop()
    this.#events.sourcePaused()
  }

  resume(): void {
    this.#events.sourceResumed()
    this.#pump()
  }

  /** Moves what can be moved: kept bytes, then the end, else lets the transport flow. */
  #pump(): void {
    if (this.#over !== null) return
    if (this.gate.dispatching && (this.#kept.length !== 0 || this.#fin === 'pending')) {
      // who is in the middle of a chunk gets the rest of it first
      queueMicrotask(() => {
        this.#pump()
      })
      return
    }
    this.#giveKept()
    if (this.gate.held || this.gate.parked) return
    if (this.#reader === null && !this.#discarding) {
      if (this.#kept.length !== 0) this.#stop()
      else if (this.#fin === 'pending') this.#tellFin(null)
      else if (this.#looking && this.#fin === 'none') this.#flow()
      else this.#stop()
      return
    }
    const reader = this.#reader
    if (this.#fin === 'pending') this.#tellFin(reader)
    else if (this.#fin === 'told') this.#endReader(reader)
    else if (this.#cut && reader !== null) {
      this.#reader = null
      reader.cut()
      this.#events.left()
      this.#pump()
    } else this.#flow()
  }

  #giveKept(): void {
    while (this.#kept.length !== 0 && !this.gate.held && !this.gate.parked) {
      const reader = this.#reader
      if (reader === null && !this.#discarding) return
      const chunk = this.#kept.shift()
      if (chunk === undefined) return
      if (reader === null) this.#dropped += chunk.length
      else this.#give(reader, chunk)
    }
  }

  #give(reader: Reader, chunk: Uint8Array): void {
    const outer = this.gate.enter()
    try {
      reader.chunk(chunk)
    } finally {
      this.gate.leave(outer)
    }
  }

  #tellFin(reader: Reader | null): void {
    this.#fin = 'told'
    this.#events.peerFin()
    this.#endReader(reader)
    this.#events.finTaken()
  }

  #endReader(reader: Reader | null): void {
    if (reader === null || this.#reader !== reader) return
    this.#reader = null
    reader.end()
  }

  #flow(): void {
    if (this.#flowing) return
    this.#flowing = true
    this.#events.flows()
    this.#transport.resume()
  }

  #stop(): void {
    if (!this.#flowing) return
    this.#flowing = false
    this.#transport.pause()
  }
}
