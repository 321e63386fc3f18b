import type { EncodeError, Invalid, Protocol } from '@sluice/protocol'
import { bytes as rawBytes } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Observable, SchedulerLike } from 'rxjs'
import type { Clocks } from '../../clocks.ts'
import type { Closed, Connection, ConnectionEvent, Endpoint, InvalidMessages, TlsFacts } from '../../connection.ts'
import type { Cause, Clock, Figures, WriteError } from '../../errors.ts'
import { NotWritable } from '../../errors.ts'
import type { Phase } from '../../lifecycle.ts'
import { writable } from '../../lifecycle.ts'
import { bytesOf } from './bytesOf.ts'
import { ClockChange } from '../time/clockSettings.ts'
import type { Ended } from './ending.ts'
import type { Inlet } from './inlet.ts'
import { Life } from './life.ts'
import type { ConnectionSettings } from './settings.ts'
import type { Transport } from '../transport/transport.ts'
import type { Watch } from '../time/watch.ts'

let lastId = 0

/** Who hands out connections, and wants to know what their conversations skip. */
export interface Host {
  invalid(connection: Connection, event: InvalidMessages): void
}

/** The face of a connection: what users see of it, and what the runners need besides. What it does is in {@link Life}. */
export class LiveConnection implements Connection {
  readonly id = ++lastId
  /** Where its time comes from. */
  readonly scheduler: SchedulerLike
  host: Host | null = null
  readonly #life: Life
  #data$: Observable<Uint8Array> | null = null
  #onSend: readonly (() => void)[] | null = null

  /** `before`: the milestones of the time when it was no connection yet. */
  constructor(transport: Transport, settings: ConnectionSettings, before: readonly ConnectionEvent[] = []) {
    this.scheduler = settings.scheduler
    this.#life = new Life(transport, settings, before)
  }

  get inlet(): Inlet {
    return this.#life.inlet
  }

  get watch(): Watch {
    return this.#life.watch
  }

  get transport(): Transport {
    return this.#life.transport
  }

  get phase(): Phase {
    return this.#life.phase
  }

  get local(): Endpoint | undefined {
    return this.#life.transport.local
  }

  get remote(): Endpoint | undefined {
    return this.#life.transport.remote
  }

  get events$(): Observable<ConnectionEvent> {
    return this.#life.emitter.events$
  }

  get data$(): Observable<Uint8Array> {
    return (this.#data$ ??= bytesOf(this.#life.inlet))
  }

  get unsentBytes(): number {
    return this.#life.ending.closed === null ? this.#life.writer.unsentBytes : 0
  }

  get full(): boolean {
    return this.#life.writer.full
  }

  get paused(): boolean {
    return this.#life.inlet.gate.held || !this.#life.inlet.flowing
  }

  get remoteEnded(): boolean {
    return this.#life.hasRemoteEnded
  }

  get localEnded(): boolean {
    return this.#life.hasLocalEnded
  }

  get tls(): TlsFacts | undefined {
    return this.#life.transport.tls
  }

  get figures(): Figures {
    return this.#life.figures
  }

  write(bytes: Uint8Array): Either<WriteError | EncodeError, void> {
    return this.send(RAW_BYTES, bytes)
  }

  send<Out>(protocol: Protocol<unknown, Out>, message: Out): Either<WriteError | EncodeError, void> {
    const { phase, writer } = this.#life
    if (!writable(phase))
      return E.left(new NotWritable(phase === 'closed' || phase === 'aborting' ? 'closed' : 'ended'))
    if (this.#onSend !== null) for (const sent of this.#onSend) sent()
    return writer.write(protocol, message)
  }

  /** For who wants to know that a message goes out; answers what ends that. */
  onSend(sent: () => void): () => void {
    this.#onSend = [...(this.#onSend ?? []), sent]
    return () => {
      this.#onSend = this.#onSend?.filter((other) => other !== sent) ?? null
    }
  }

  /** Hands everything queued to the transport, whether it wants it or not: something else follows. */
  flushNow(): void {
    this.#life.writer.flushLast()
  }

  end(): void {
    this.#life.input('end')
  }

  /** As `end`, and what still comes is only for who reads already. */
  finish(): void {
    this.end()
    this.#life.inlet.discard()
    this.#life.watch.left()
  }

  pause(): void {
    this.#life.inlet.gate.hold(this)
  }

  resume(): void {
    this.#life.inlet.gate.release(this)
  }

  ref(): void {
    this.#life.transport.ref(true)
  }

  unref(): void {
    this.#life.transport.ref(false)
  }

  setClocks(clocks: Clocks): void {
    this.#life.watch.change(new ClockChange('setClocks()', clocks))
  }

  close({ lingerMs }: { readonly lingerMs?: number } = {}): void {
    if (lingerMs !== undefined) {
      this.#life.watch.change(new ClockChange('close()', { lingerMs, onExpiry: { linger: 'end' } }))
    }
    this.finish()
    this.#life.inlet.cut()
    this.#life.watch.left()
  }

  abort(reason?: unknown): void {
    this.#life.fail({ _tag: 'Aborted', reason })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort()
    await new Promise<void>((resolve) => {
      this.events$.subscribe({ complete: resolve })
    })
  }

  /** Breaks off for a reason. */
  fail(cause: Cause): void {
    this.#life.fail(cause)
  }

  timedOut(clock: Clock, afterMs: number): void {
    this.#life.fail({ _tag: 'TimedOut', clock, afterMs })
  }

  /** Somebody means to do something with it, sooner or later. */
  use(): void {
    this.#life.inlet.used = true
  }

  /** Records why the connection is ending, without ending it. */
  blame(cause: Cause): void {
    this.#life.ending.blame(cause)
  }

  /** The error it is ending for, if any. */
  get blamed(): unknown {
    return this.#life.ending.error
  }

  /** A message that was none was skipped or answered: counts it, and tells. */
  invalid(error: Invalid): void {
    this.#life.invalid(error, (event) => this.host?.invalid(this, event))
  }

  /** Lets the conversation end: its input completes, and what it still says is flushed. */
  shutDown(): void {
    this.blame({ _tag: 'ShutDown' })
    this.#life.inlet.cut()
  }

  /** For the runner that opened the socket: called last of all. */
  whenOver(callback: (closed: Closed) => void): void {
    this.#life.ending.whenOver(callback)
  }

  /** For who works with it: told before that; at once if it is over. */
  whenClosed(callback: (closed: Closed) => void): void {
    this.tellEnd({ over: callback })
  }

  /** As {@link whenClosed}, without a closure. */
  tellEnd(ended: Ended): void {
    this.#life.ending.tellEnd(ended)
  }
}

const RAW_BYTES = rawBytes()
