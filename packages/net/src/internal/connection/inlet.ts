import type { Cause } from '../../errors.ts'
import { AlreadySubscribed, ConnectionLost } from '../../errors.ts'
import type { Gated } from '../../gate.ts'
import { SourceGate } from '../../gate.ts'
import { Kept } from './kept.ts'
import type { Decoding, Reader } from './reader.ts'
import { Succession } from './succession.ts'
import type { Transport } from '../transport/transport.ts'

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
 * | discarding | bytes flow | dropped and counted, whoever holds the gate |
 * | closing | completed, then as with nobody | dropped and counted, whoever holds the gate |
 */
export class Inlet implements Gated {
  readonly gate = new SourceGate(this)
  readonly #transport: Transport
  readonly #events: InletEvents
  #reader: Reader | null = null
  /** Who decodes, whether somebody listens to him now or not. */
  #decoding: Decoding | null = null
  #flowing = false
  #discarding = false
  /** Whether our side has ended: from then on the peer's end is looked for, also while nobody reads. */
  #looking = false
  /** What came while nobody could take it: at most what the transport had under way, and what a decoder gave back. */
  readonly #kept = new Kept()
  /** Made at the first change of decoders. */
  #succession: Succession | null = null
  #fin: 'none' | 'pending' | 'told' = 'none'
  #cut = false
  #pauseTold = false
  /** Why the connection is over, if it is; an error is made of it only for who is there to hear it. */
  #over: Cause | null = null
  /** Whether anybody has ever read, or begun to speak. */
  used = false

  constructor(transport: Transport, events: InletEvents) {
    this.#transport = transport
    this.#events = events
  }

  get reader(): Reader | null {
    return this.#reader
  }

  /** Bytes received that no message and no subscriber took. */
  get unreadBytes(): number {
    return this.#kept.bytes + (this.#decoding?.undecodedBytes ?? 0) + (this.#succession?.undecodedBytes ?? 0)
  }

  /** Takes out, in order, what no message and no subscriber took. From inside the gate only while that is held. */
  takeUnread(): readonly Uint8Array[] {
    const kept = this.#kept.takeAll()
    return this.#decoding === null ? kept : [this.#decoding.takeUndecoded(), ...kept]
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

  /** Whether bytes wait for a reader to come. */
  get waiting(): boolean {
    return this.#reader === null && !this.#kept.empty
  }

  attach(reader: Reader): void {
    if (this.#reader !== null) reader.fail(new AlreadySubscribed())
    else if (this.#fin === 'told' && this.#kept.empty && this.#settled) reader.end()
    else if (this.#over !== null) reader.fail(new ConnectionLost(this.#over))
    else {
      this.used = true
      this.#reader = reader
      this.#pump()
    }
  }

  detach(reader: Reader): void {
    if (this.#reader !== reader) return
    this.#reader = null
    this.#pump()
    this.#events.left()
  }

  /** Somebody decodes, beside who did so before. */
  decodedBy(decoding: Decoding): void {
    this.used = true
    this.#decoding = decoding
  }

  /**
   * Somebody decodes from now on, and who did so before gives back what he has not used. Nothing moves until
   * {@link settled}.
   */
  succeed(decoding: Decoding): void {
    const before = this.#decoding
    this.decodedBy(decoding)
    this.#succession ??= new Succession()
    this.#succession.begin(before)
    // replaced, not gone: the connection is not told that he left
    if (before !== null && this.#reader === before) this.#reader = null
    before?.release()
  }

  /** Bytes that {@link Decoding.release} left over are the next to be read; `lost` ones are for nobody. */
  putBack(bytes: Uint8Array, lost: number): void {
    this.#kept.drop(lost)
    this.#kept.putBack(bytes)
    this.#succession?.gaveBack()
    this.#goOn()
  }

  /** The new decoder has whom it decodes for, if anybody. */
  settled(): void {
    this.#succession?.settled()
    this.#goOn()
  }

  /** `borrowed` memory is written over after the call. */
  received(chunk: Uint8Array, borrowed: boolean): void {
    const { gate } = this
    const reader = this.#reader
    if (reader !== null && !gate.held && !gate.parked && !gate.dispatching && this.#kept.empty) {
      this.#give(reader, borrowed && !reader.copies ? lasting(chunk) : chunk)
    } else if (reader === null && this.#discarding) this.#kept.drop(chunk.length)
    else {
      this.#kept.push(borrowed ? lasting(chunk) : chunk)
      if (reader === null) this.#stop()
      else if (gate.dispatching) this.#pump()
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
    if (this.#lettingGo) return
    this.#stop()
    this.#pauseTold = true
    this.#events.sourcePaused()
  }

  resume(): void {
    if (this.#pauseTold) this.#events.sourceResumed()
    this.#pauseTold = false
    this.#pump()
  }

  /** Whether nothing that comes is for anybody: then there is nobody to hold it back for. */
  get #lettingGo(): boolean {
    return this.#discarding && (this.#cut || this.#reader === null)
  }

  get #held(): boolean {
    return (this.gate.held || this.gate.parked) && !this.#lettingGo
  }

  /** Whether no decoder is giving way to another. */
  get #settled(): boolean {
    return this.#succession === null || this.#succession.over
  }

  /** Both decoders may have done their part. */
  #goOn(): void {
    if (!this.#settled) return
    this.#pump()
    if (this.#reader === null) this.#events.left()
  }

  /** Moves what can be moved: kept bytes, then the end, else lets the transport flow. */
  #pump(): void {
    if (this.#over !== null || !this.#settled) return
    if (this.#cut && this.#discarding) this.#cutReader()
    if (this.gate.dispatching && (!this.#kept.empty || this.#fin === 'pending')) {
      // who is in the middle of a chunk gets the rest of it first
      queueMicrotask(() => {
        this.#pump()
      })
      return
    }
    this.#giveKept()
    if (this.#held) {
      // in a dispatch the hold may be gone before its end
      if (!this.gate.dispatching) this.#stop()
    } else if (this.#reader === null && !this.#discarding) this.#rest()
    else if (this.#fin === 'pending') this.#tellFin(this.#reader)
    else if (this.#fin === 'told') this.#endReader(this.#reader)
    else if (this.#cut && this.#reader !== null) {
      this.#cutReader()
      this.#pump()
    } else this.#flow()
  }

  /** Nobody reads: only the peer's end is looked for, once there is reason to. */
  #rest(): void {
    if (!this.#kept.empty) this.#stop()
    else if (this.#fin === 'pending') this.#tellFin(null)
    else if (this.#looking && this.#fin === 'none') this.#flow()
    else this.#stop()
  }

  #cutReader(): void {
    const reader = this.#reader
    if (reader === null) return
    this.#reader = null
    reader.cut()
    this.#events.left()
  }

  #giveKept(): void {
    while (!this.#kept.empty && !this.#held) {
      const reader = this.#reader
      if (reader === null && !this.#discarding) return
      const chunk = this.#kept.shift()
      if (chunk === undefined) return
      if (reader === null) this.#kept.drop(chunk.length)
      else this.#give(reader, chunk)
    }
  }

  #give(reader: Reader, chunk: Uint8Array): void {
    const outer = this.gate.enter()
    try {
      reader.chunk(chunk)
      // what one decoder gave back to the next is of the same dispatch
      if (!this.#kept.empty) this.#giveOn()
    } finally {
      this.gate.leave(outer)
    }
  }

  /** In a dispatch already: a chunk that is switched in many times is no recursion. */
  #giveOn(): void {
    while (this.#settled && !this.gate.held && !this.gate.parked) {
      const reader = this.#reader
      const chunk = reader === null ? undefined : this.#kept.shift()
      if (chunk === undefined) return
      reader?.chunk(chunk)
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
    this.#transport.resume(this.#reader?.copies === true)
  }

  #stop(): void {
    if (!this.#flowing) return
    this.#flowing = false
    this.#transport.pause()
  }
}

/** The same bytes in memory that nobody writes to any more. */
const lasting = (chunk: Uint8Array): Uint8Array => {
  const kept = Buffer.allocUnsafe(chunk.length)
  kept.set(chunk)
  return kept
}
