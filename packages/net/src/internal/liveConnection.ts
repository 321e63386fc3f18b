import type { EncodeError, Protocol } from '@sluice/protocol'
import { bytes as rawBytes } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Observable } from 'rxjs'
import type { Closed, Connection, ConnectionEvent, Endpoint, TlsFacts } from '../connection.ts'
import type { Cause, Clock, Figures, WriteError, WriterFull } from '../errors.ts'
import { NotWritable } from '../errors.ts'
import type { Action, Input, Phase } from '../lifecycle.ts'
import { transition, writable } from '../lifecycle.ts'
import type { WriterEvents } from '../writer.ts'
import { Writer } from '../writer.ts'
import { bytesOf } from './bytesOf.ts'
import { Emitter } from './emitter.ts'
import type { InletEvents } from './inlet.ts'
import { Inlet } from './inlet.ts'
import type { ConnectionSettings } from './settings.ts'
import { timeOption } from './settings.ts'
import type { Transport, TransportSink } from './transport.ts'
import type { Watched } from './watch.ts'
import { Watch } from './watch.ts'

let lastId = 0

/**
 * The shell around the lifecycle table: hears the transport, does what the table says. All that moves
 * bytes is in {@link Inlet} and {@link Writer}.
 */
export class LiveConnection implements Connection, TransportSink, InletEvents, WriterEvents, Watched {
  readonly id = ++lastId
  readonly inlet: Inlet
  readonly watch: Watch
  readonly transport: Transport
  readonly #writer: Writer
  readonly #emitter = new Emitter<ConnectionEvent>()
  #phase: Phase = 'open'
  /** The first thing that went wrong, if anything: it is the cause, whatever follows from it (R10). */
  #blamed: Cause | null = null
  #remoteEnded = false
  #localEnded = false
  #bytesRead = 0
  #gonePending = false
  #closed: Closed | null = null
  #data$: Observable<Uint8Array> | null = null
  #whenClosed: (closed: Closed) => void = () => undefined
  #whenOver: (closed: Closed) => void = () => undefined

  /** `before`: the milestones of the time when it was no connection yet. */
  constructor(transport: Transport, settings: ConnectionSettings, before: readonly ConnectionEvent[] = []) {
    this.transport = transport
    this.#writer = new Writer(transport, settings, this)
    this.inlet = new Inlet(transport, this)
    this.watch = new Watch(this, settings)
    for (const milestone of before) this.#emitter.milestone(milestone)
    this.#emitter.milestone({ _tag: 'Connected', local: this.local, remote: this.remote })
    if (transport.tls !== undefined) this.#emitter.milestone({ _tag: 'Secured', tls: transport.tls })
    transport.attach(this)
    this.watch.arm()
  }

  get phase(): Phase {
    return this.#phase
  }

  get sentBytes(): number {
    return this.#writer.sentBytes
  }

  get local(): Endpoint | undefined {
    return this.transport.local
  }

  get remote(): Endpoint | undefined {
    return this.transport.remote
  }

  get events$(): Observable<ConnectionEvent> {
    return this.#emitter.events$
  }

  get data$(): Observable<Uint8Array> {
    return (this.#data$ ??= bytesOf(this.inlet))
  }

  get unsentBytes(): number {
    return this.#closed === null ? this.#writer.unsentBytes : 0
  }

  get full(): boolean {
    return this.#writer.full
  }

  get paused(): boolean {
    return !this.inlet.flowing
  }

  get remoteEnded(): boolean {
    return this.#remoteEnded
  }

  get localEnded(): boolean {
    return this.#localEnded
  }

  get tls(): TlsFacts | undefined {
    return this.transport.tls
  }

  get figures(): Figures {
    if (this.#closed !== null) return this.#closed.figures
    return {
      bytesRead: this.#bytesRead,
      bytesWritten: this.#writer.sentBytes,
      bytesUnsent: this.#writer.unsentBytes,
      bytesUnread: this.inlet.unreadBytes,
      dropped: this.#writer.dropped,
      durationMs: this.watch.now() - this.watch.startedAt,
    }
  }

  write(bytes: Uint8Array): Either<WriteError | EncodeError, void> {
    return this.send(RAW_BYTES, bytes)
  }

  send<Out>(protocol: Protocol<unknown, Out>, message: Out): Either<WriteError | EncodeError, void> {
    if (!writable(this.#phase)) {
      const over = this.#phase === 'closed' || this.#phase === 'aborting'
      return E.left(new NotWritable(over ? 'closed' : 'ended'))
    }
    return this.#writer.write(protocol, message)
  }

  end(): void {
    this.#input('end')
  }

  /** As `end`, and what still comes is only for who reads already. */
  finish(): void {
    this.end()
    this.inlet.discard()
    this.watch.left()
  }

  pause(): void {
    this.inlet.gate.hold(this)
  }

  resume(): void {
    this.inlet.gate.release(this)
  }

  ref(): void {
    this.transport.ref(true)
  }

  unref(): void {
    this.transport.ref(false)
  }

  close(options: { readonly lingerMs?: number } = {}): void {
    if (options.lingerMs !== undefined) this.watch.lingerFor(timeOption('close()', 'lingerMs', options.lingerMs, 0))
    this.finish()
    this.inlet.cut()
    this.watch.left()
  }

  abort(reason?: unknown): void {
    this.fail({ _tag: 'Aborted', reason })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort()
    await new Promise<void>((resolve) => {
      this.events$.subscribe({ complete: resolve })
    })
  }

  /** The error it is ending for, if any. */
  get blamed(): unknown {
    return this.#blamed !== null && 'error' in this.#blamed ? this.#blamed.error : undefined
  }

  /** Records why the connection is ending, without ending it. */
  blame(cause: Cause): void {
    this.#blamed ??= cause
  }

  /** Breaks off for a reason. */
  fail(cause: Cause): void {
    if (this.#phase === 'closed' || this.#phase === 'aborting') return
    this.blame(cause)
    if (cause._tag !== 'Reset') this.#writer.sample()
    this.#input('abort')
  }

  /** Lets the conversation end: its input completes, and what it still says is flushed. */
  shutDown(): void {
    this.blame({ _tag: 'ShutDown' })
    this.inlet.cut()
  }

  received(chunk: Uint8Array): void {
    this.#bytesRead += chunk.length
    this.watch.read()
    if (this.#emitter.heard) this.#emitter.emit({ _tag: 'Data', bytes: chunk.length })
    this.inlet.received(chunk)
  }

  peerEnded(): void {
    this.inlet.ended()
  }

  drained(): void {
    this.#writer.drained()
    if (this.#emitter.heard && this.#writer.unsentBytes === 0) this.#emitter.emit({ _tag: 'Drained' })
  }

  flushed(): void {
    this.#writer.flushed()
    this.#input('flushed')
  }

  failed(error: Error): void {
    // when both sides have ended there is nothing left to lose
    if (this.#phase !== 'leaving') this.fail({ _tag: 'Reset', error })
  }

  gone(): void {
    // what came before the end is taken first, however slowly
    if (this.inlet.pending && this.inlet.reader !== null && this.#blamed === null) this.#gonePending = true
    else this.#input('gone')
  }

  backlog(): void {
    this.watch.backlog()
  }

  dropped(messages: number): void {
    this.#emitter.emit({ _tag: 'Dropped', messages })
  }

  overflowed(error: WriterFull): void {
    this.fail({ _tag: 'Overflowed', limit: error.limit, unsentBytes: error.unsentBytes })
  }

  peerFin(): void {
    this.#input('peerFin')
  }

  finTaken(): void {
    if (this.#gonePending) this.#input('gone')
  }

  flows(): void {
    this.watch.flows()
  }

  sourcePaused(): void {
    this.watch.paused()
    this.#emitter.emit({ _tag: 'Paused' })
  }

  sourceResumed(): void {
    this.#emitter.emit({ _tag: 'Resumed' })
  }

  left(): void {
    this.watch.left()
    if (this.#gonePending) this.#input('gone')
  }

  timedOut(clock: Exclude<Clock, 'connect'>, afterMs: number): void {
    this.fail({ _tag: 'TimedOut', clock, afterMs })
  }

  #input(input: Input): void {
    const row = transition(this.#phase, input)
    if (row === undefined) return
    const [next, ...actions] = row
    const before = this.#phase
    this.#phase = next
    for (const action of actions) this.#act(action, before)
    if (this.#gonePending && input === 'abort') this.#input('gone')
  }

  #act(action: Action, before: Phase): void {
    switch (action) {
      case 'endTransport':
        this.#writer.flushLast()
        this.transport.end()
        this.inlet.lookForEnd()
        break
      case 'tellRemoteEnded':
        this.#remoteEnded = true
        this.watch.remoteEnded()
        this.#emitter.milestone({ _tag: 'RemoteEnded' })
        break
      case 'tellLocalEnded':
        this.#localEnded = true
        this.watch.localEnded()
        this.#emitter.milestone({ _tag: 'LocalEnded' })
        break
      case 'abortTransport':
        this.transport.abort()
        this.#writer.discard()
        this.inlet.fail(this.#blamed ?? { _tag: 'Aborted', reason: undefined })
        break
      case 'tellClosed':
        this.#tellClosed(before)
    }
  }

  #tellClosed(before: Phase): void {
    const cause: Cause = this.#blamed ?? (before === 'leaving' ? { _tag: 'Finished' } : BROKEN)
    this.watch.stop()
    this.#writer.discard()
    this.inlet.fail(cause)
    const closed: Closed = { _tag: 'Closed', cause, figures: this.figures }
    this.#closed = closed
    this.#emitter.milestone(closed)
    this.#emitter.complete()
    this.#whenClosed(closed)
    this.#whenOver(closed)
  }

  /** For the runner that opened the socket: called last of all. */
  whenOver(callback: (closed: Closed) => void): void {
    this.#whenOver = callback
  }

  /** For the runner that holds the conversation, cheaper than a subscription; at once if it is over. */
  whenClosed(callback: (closed: Closed) => void): void {
    if (this.#closed !== null) {
      callback(this.#closed)
      return
    }
    const others = this.#whenClosed
    this.#whenClosed = (closed) => {
      others(closed)
      callback(closed)
    }
  }
}

const RAW_BYTES = rawBytes()

const BROKEN: Cause = { _tag: 'Reset', error: new Error('the socket closed before both sides had ended') }
