import type { EncodeError, Protocol } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Observable } from 'rxjs'
import type { Closed, Connection, ConnectionEvent, Endpoint } from '../connection.ts'
import type { Cause, Clock, Figures, WriteError } from '../errors.ts'
import { ConnectionLost, NotWritable } from '../errors.ts'
import type { Action, Input, Phase } from '../lifecycle.ts'
import { transition, writable } from '../lifecycle.ts'
import { Writer } from '../writer.ts'
import { bytesOf } from './bytesOf.ts'
import type { Wait } from './clocks.ts'
import { Clocks } from './clocks.ts'
import { Emitter } from './emitter.ts'
import { Inlet } from './inlet.ts'
import { rawBytes } from './rawBytes.ts'
import type { ConnectionSettings } from './settings.ts'
import type { Transport, TransportSink } from './transport.ts'

let lastId = 0

/**
 * The shell around the lifecycle table: hears the transport, does what the table says. All that moves
 * bytes is in {@link Inlet} and {@link Writer}.
 */
export class LiveConnection implements Connection, TransportSink {
  readonly id = ++lastId
  readonly inlet: Inlet
  readonly clocks: Clocks
  readonly #transport: Transport
  readonly #settings: ConnectionSettings
  readonly #writer: Writer
  readonly #emitter = new Emitter<ConnectionEvent>()
  readonly #startedAt: number
  #phase: Phase = 'open'
  /** The first thing that went wrong, if anything: it is the cause, whatever follows from it (R10). */
  #blamed: Cause | null = null
  #bytesRead = 0
  #readAt: number
  #localEndedAt = 0
  #probedAt = 0
  #leftAt = 0
  /** The write-progress clock: what was queued when it was last looked at, and since when no byte left. */
  #progress = { queued: 0, lookedAt: 0, since: 0 }
  #gonePending = false
  #closed: Closed | null = null
  #data$: Observable<Uint8Array> | null = null
  #whenClosed: (closed: Closed) => void = () => undefined
  #whenOver: (closed: Closed) => void = () => undefined

  constructor(transport: Transport, settings: ConnectionSettings) {
    this.#transport = transport
    this.#settings = settings
    this.clocks = new Clocks(settings.scheduler, this.#waits())
    this.#startedAt = this.#readAt = this.clocks.now()
    this.#writer = new Writer(transport, settings, {
      backlog: () => {
        this.#onBacklog()
      },
      dropped: (messages) => {
        this.#emitter.emit({ _tag: 'Dropped', messages })
      },
      overflowed: (error) => {
        this.fail({ _tag: 'Overflowed', limit: error.limit, unsentBytes: error.unsentBytes })
      },
    })
    this.inlet = new Inlet(transport, {
      peerFin: () => {
        this.#input('peerFin')
      },
      paused: () => {
        this.#onPaused()
      },
      resumed: () => {
        this.#readAt = this.clocks.now()
        this.#emitter.emit({ _tag: 'Resumed' })
      },
      left: () => {
        this.#leftAt = this.clocks.now()
        this.clocks.arm()
      },
    })
    this.#emitter.milestone({ _tag: 'Connected', local: this.local, remote: this.remote })
    transport.attach(this)
    this.clocks.arm()
  }

  get local(): Endpoint | undefined {
    return this.#transport.local
  }

  get remote(): Endpoint | undefined {
    return this.#transport.remote
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

  get figures(): Figures {
    if (this.#closed !== null) return this.#closed.figures
    return {
      bytesRead: this.#bytesRead,
      bytesWritten: this.#writer.sentBytes,
      bytesUnsent: this.#writer.unsentBytes,
      bytesUnread: this.inlet.unreadBytes,
      dropped: this.#writer.dropped,
      durationMs: this.clocks.now() - this.#startedAt,
    }
  }

  /** When bytes came last. */
  get readAt(): number {
    return this.#readAt
  }

  /** A frame is begun and not finished: its clock runs from `readAt`. */
  frameBegun(): void {
    this.clocks.armAt(this.#readAt + this.#settings.frameMs)
  }

  write(bytes: Uint8Array): Either<WriteError, void> {
    // raw bytes are always encodable
    return this.send(rawBytes, bytes) as Either<WriteError, void>
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

  close(): void {
    this.end()
    this.inlet.cut()
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
    this.#readAt = this.clocks.now()
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
    this.#input('flushed')
  }

  failed(error: Error): void {
    // when both sides have ended there is nothing left to lose
    if (this.#phase !== 'leaving') this.fail({ _tag: 'Reset', error })
  }

  gone(): void {
    // what came before the end is taken first, however slowly
    if (this.inlet.pending && this.#blamed === null) this.#gonePending = true
    else this.#input('gone')
  }

  #input(input: Input): void {
    const row = transition(this.#phase, input)
    if (row === undefined) return
    const [next, ...actions] = row
    const before = this.#phase
    this.#phase = next
    for (const action of actions) this.#act(action, before)
    if (this.#gonePending && input === 'peerFin') {
      this.#gonePending = false
      this.#input('gone')
    }
  }

  #act(action: Action, before: Phase): void {
    switch (action) {
      case 'endTransport':
        this.#writer.flushLast()
        this.#transport.end()
        this.inlet.discard()
        break
      case 'tellRemoteEnded':
        this.#probedAt = this.clocks.now()
        this.#emitter.milestone({ _tag: 'RemoteEnded' })
        break
      case 'tellLocalEnded':
        this.#localEndedAt = this.clocks.now()
        this.#emitter.milestone({ _tag: 'LocalEnded' })
        break
      case 'abortTransport':
        this.#transport.abort()
        this.#writer.discard()
        this.inlet.fail(new ConnectionLost(this.#blamed ?? { _tag: 'Aborted', reason: undefined }))
        break
      case 'tellClosed':
        this.#tellClosed(before)
        return
    }
    this.clocks.arm()
  }

  #tellClosed(before: Phase): void {
    const cause: Cause = this.#blamed ?? (before === 'leaving' ? { _tag: 'Finished' } : BROKEN)
    this.clocks.stop()
    this.#writer.discard()
    this.inlet.fail(new ConnectionLost(cause))
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
    if (this.#closed === null) this.#whenClosed = callback
    else callback(this.#closed)
  }

  #onPaused(): void {
    this.#probedAt = this.clocks.now()
    this.#emitter.emit({ _tag: 'Paused' })
    this.clocks.arm()
  }

  #onBacklog(): void {
    const now = this.clocks.now()
    const queued = this.#transport.progress
    this.#progress = { queued, lookedAt: now, since: now }
    this.clocks.arm()
  }

  /** Looks several times within the limit, so that the stall is found soon after it has lasted so long. */
  #lookAtProgress(): void {
    const now = this.clocks.now()
    const queued = this.#transport.progress
    const since = queued === this.#progress.queued ? this.#progress.since : now
    this.#progress = { queued, lookedAt: now, since }
    if (now - since >= this.#settings.writeProgressMs) this.#timedOut('writeProgress')
  }

  #timedOut(clock: Exclude<Clock, 'connect'>): void {
    const afterMs = this.#settings[`${clock}Ms`]
    this.fail({ _tag: 'TimedOut', clock, afterMs })
  }

  #waits(): readonly Wait[] {
    const { silenceMs, frameMs, writeProgressMs, halfClosedMs, lingerMs, probeMs } = this.#settings
    const ending = (clock: Exclude<Clock, 'connect'>, afterMs: number, since: () => number | null): Wait => ({
      clock,
      afterMs,
      since,
      expired: () => {
        this.#timedOut(clock)
      },
    })
    const hasReader = (): boolean => this.inlet.reader !== null
    return [
      ending('silence', silenceMs, () => (hasReader() && this.inlet.flowing ? this.#readAt : null)),
      ending('frame', frameMs, () => (this.inlet.flowing ? (this.inlet.reader?.frameSince() ?? null) : null)),
      ending('halfClosed', halfClosedMs, () =>
        this.#phase === 'localEnded' && hasReader() ? Math.max(this.#localEndedAt, this.#readAt) : null,
      ),
      ending('linger', lingerMs, () =>
        this.#phase === 'localEnded' && !hasReader() ? Math.max(this.#localEndedAt, this.#leftAt) : null,
      ),
      {
        clock: 'writeProgress',
        afterMs: writeProgressMs / LOOKS,
        since: () => (this.#transport.queuedBytes === 0 || this.#phase === 'aborting' ? null : this.#progress.lookedAt),
        expired: () => {
          this.#lookAtProgress()
        },
      },
      {
        clock: 'probe',
        afterMs: probeMs,
        since: () =>
          this.#phase === 'remoteEnded' || (this.#phase === 'open' && !this.inlet.flowing)
            ? Math.max(this.#probedAt, this.#leftAt)
            : null,
        expired: () => {
          this.#probedAt = this.clocks.now()
          this.#transport.probe(() => undefined)
        },
      },
    ]
  }
}

/** How many times the write-progress clock looks within its limit. */
const LOOKS = 8

const BROKEN: Cause = { _tag: 'Reset', error: new Error('the socket closed before both sides had ended') }
