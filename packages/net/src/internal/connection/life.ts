import type { Invalid } from '@sluice/protocol'
import type { ConnectionEvent, InvalidMessages, TlsFacts } from '../../connection.ts'
import type { WatchedClock } from '../../clocks.ts'
import type { Cause, Figures, WriterFull } from '../../errors.ts'
import { TlsFailed } from '../../errors.ts'
import type { Action, Input, Phase } from '../../lifecycle.ts'
import { transition } from '../../lifecycle.ts'
import type { WriterEvents } from '../../writer.ts'
import { Writer } from '../../writer.ts'
import { Emitter } from './emitter.ts'
import { Ending } from './ending.ts'
import type { InletEvents } from './inlet.ts'
import { Inlet } from './inlet.ts'
import { Invalids } from './invalids.ts'
import type { ConnectionSettings } from './settings.ts'
import type { Transport, TransportSink } from '../transport/transport.ts'
import type { WatchEvents } from '../time/watch.ts'
import { Watch } from '../time/watch.ts'

/**
 * The shell around the lifecycle table: hears the transport, the inlet, the writer and the clocks of one
 * connection, does what the table says, and tells what happens. All that moves bytes is in {@link Inlet} and
 * {@link Writer}.
 */
export class Life implements TransportSink, InletEvents, WriterEvents, WatchEvents {
  readonly transport: Transport
  readonly writer: Writer
  readonly inlet: Inlet
  readonly watch: Watch
  readonly emitter = new Emitter<ConnectionEvent>()
  readonly ending = new Ending()
  phase: Phase = 'open'
  hasRemoteEnded = false
  hasLocalEnded = false
  #bytesRead = 0
  #invalids: Invalids | null = null
  /** Whether the socket is gone, and only what it brought is not all taken yet. */
  #gonePending = false

  /** `before`: the milestones of the time when it was no connection yet. */
  constructor(transport: Transport, settings: ConnectionSettings, before: readonly ConnectionEvent[]) {
    this.transport = transport
    this.writer = new Writer(transport, settings, this)
    this.inlet = new Inlet(transport, this)
    this.watch = new Watch(this, settings.clocks, settings.scheduler)
    for (const milestone of before) this.emitter.milestone(milestone)
    this.emitter.milestone({ _tag: 'Connected', local: transport.local, remote: transport.remote })
    if (transport.tls !== undefined) this.emitter.milestone({ _tag: 'Secured', tls: transport.tls })
    transport.attach(this)
    // mostly somebody reads by then, and there is nothing to wait for
    queueMicrotask(() => {
      this.watch.arm()
    })
  }

  get sentBytes(): number {
    return this.writer.sentBytes
  }

  get used(): boolean {
    return this.inlet.used || this.writer.sentBytes + this.writer.unsentBytes !== 0
  }

  get figures(): Figures {
    const { closed } = this.ending
    if (closed !== null) return closed.figures
    return {
      bytesRead: this.#bytesRead,
      bytesWritten: this.writer.sentBytes,
      bytesUnsent: this.writer.unsentBytes,
      bytesUnread: this.inlet.unreadBytes,
      dropped: this.writer.dropped,
      invalid: this.#invalids?.count ?? 0,
      durationMs: this.watch.now() - this.watch.startedAt,
    }
  }

  /** Breaks off for a reason. */
  fail(cause: Cause): void {
    if (this.phase === 'closed' || this.phase === 'aborting') return
    this.ending.blame(cause)
    if (cause._tag !== 'Reset') this.writer.sample()
    this.input('abort')
  }

  received(chunk: Uint8Array, borrowed = false): void {
    this.#bytesRead += chunk.length
    this.watch.read()
    if (this.emitter.heard) this.emitter.emit({ _tag: 'Data', bytes: chunk.length })
    this.inlet.received(chunk, borrowed)
  }

  peerEnded(): void {
    this.inlet.ended()
  }

  drained(): void {
    this.writer.drained()
    if (this.writer.unsentBytes === 0) this.#tell({ _tag: 'Drained' })
  }

  flushed(): void {
    this.writer.flushed()
    this.input('flushed')
  }

  failed(error: Error): void {
    // when both sides have ended there is nothing left to lose
    if (this.phase === 'leaving') return
    this.fail(error instanceof TlsFailed ? { _tag: 'TlsFailed', error } : { _tag: 'Reset', error })
  }

  secured(tls: TlsFacts): void {
    this.emitter.milestone({ _tag: 'Secured', tls })
  }

  gone(): void {
    // what came before the end is taken first, however slowly; or waits for who takes it, as long as we half-closed
    const waits = this.inlet.reader !== null || this.phase === 'localEnded'
    if (this.inlet.pending && waits && this.ending.cause === null) this.#gonePending = true
    else this.input('gone')
  }

  backlog(): void {
    this.watch.backlog()
  }

  dropped(messages: number): void {
    this.#tell({ _tag: 'Dropped', messages })
  }

  /** A message that was none was skipped or answered; `alsoTell` is told what the listeners of the connection are. */
  invalid(error: Invalid, alsoTell: (event: InvalidMessages) => void): void {
    this.#invalids ??= new Invalids((event) => {
      if (this.ending.closed === null && this.emitter.heard) this.emitter.emit(event)
      alsoTell(event)
    })
    this.#invalids.add(error)
  }

  overflowed(error: WriterFull): void {
    this.fail({ _tag: 'Overflowed', limit: error.limit, unsentBytes: error.unsentBytes })
  }

  peerFin(): void {
    this.input('peerFin')
  }

  finTaken(): void {
    if (this.#gonePending) this.input('gone')
  }

  flows(): void {
    this.watch.flows()
  }

  sourcePaused(): void {
    this.watch.paused()
    this.#tell({ _tag: 'Paused' })
  }

  sourceResumed(): void {
    this.watch.resumed()
    this.#tell({ _tag: 'Resumed' })
  }

  left(): void {
    this.watch.left()
    if (this.#gonePending && this.phase !== 'localEnded') this.input('gone')
  }

  timedOut(clock: WatchedClock, afterMs: number): void {
    if (clock !== 'halfClosed' || !this.inlet.waiting) this.fail({ _tag: 'TimedOut', clock, afterMs })
    else {
      // nobody has come for what the peer said: it may have ended behind that, and then all is well
      this.inlet.discard()
      this.watch.left()
    }
  }

  idle(clock: WatchedClock, afterMs: number): void {
    this.#tell({ _tag: 'Idle', clock, afterMs })
  }

  input(input: Input): void {
    const row = transition(this.phase, input)
    if (row === undefined) return
    const [next, ...actions] = row
    const before = this.phase
    this.phase = next
    for (const action of actions) this.#act(action, before)
    if (this.#gonePending && input === 'abort') this.input('gone')
  }

  /** What is no milestone: made only for who listens, and nothing behind the end. */
  #tell(event: ConnectionEvent): void {
    if (this.emitter.heard && this.phase !== 'closed') this.emitter.emit(event)
  }

  #act(action: Action, before: Phase): void {
    switch (action) {
      case 'endTransport':
        this.writer.flushLast()
        this.transport.end()
        this.inlet.lookForEnd()
        break
      case 'tellRemoteEnded':
        this.hasRemoteEnded = true
        this.watch.remoteEnded()
        this.emitter.milestone({ _tag: 'RemoteEnded' })
        break
      case 'tellLocalEnded':
        this.hasLocalEnded = true
        this.watch.localEnded()
        this.emitter.milestone({ _tag: 'LocalEnded' })
        break
      case 'abortTransport':
        this.transport.abort()
        this.writer.discard()
        this.inlet.fail(this.ending.cause ?? ABORTED)
        break
      case 'tellClosed':
        this.#tellClosed(before)
    }
  }

  #tellClosed(before: Phase): void {
    const cause: Cause = this.ending.cause ?? (before === 'leaving' ? { _tag: 'Finished' } : BROKEN)
    this.watch.stop()
    this.writer.discard()
    this.inlet.fail(cause)
    this.#invalids?.flush()
    this.ending.close({ _tag: 'Closed', cause, figures: this.figures }, this.emitter)
  }
}

const ABORTED: Cause = { _tag: 'Aborted', reason: undefined }
const BROKEN: Cause = { _tag: 'Reset', error: new Error('the socket closed before both sides had ended') }
