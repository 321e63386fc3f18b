import type { Cause, Connection, ConnectionOptions, Handler, WriteError } from '@sluice/net'
import { fromDuplex, showCause, speak } from '@sluice/net'
import type { EncodeError, Protocol } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { SchedulerLike, Subscription } from 'rxjs'
import { Observable, of } from 'rxjs'
import type { Happening } from '../schedules.ts'
import { MemoryEnd } from './memoryEnd.ts'
import type { Notification } from './probe.ts'
import { Probe } from './probe.ts'
import { show } from './same.ts'
import type { VirtualClock } from './virtualClock.ts'

/** Makes the handler in question, for one case; time comes from the clock. */
export type MakeHandler<In, Out> = (clock: SchedulerLike) => Handler<In, Out>

/** So much virtual time is given to a conversation that should be over. */
const PATIENCE_MS = 3_600_000

/** One handler on one connection in memory, the peer being us. */
export class Rehearsal<In, Out> {
  readonly clock: VirtualClock
  readonly peer = new MemoryEnd()
  readonly connection: Connection
  /** Why the connection is over, if it is. */
  cause: Cause | null = null
  /** What the handler did although it was over, or we had left: the first of it. */
  late: string | null = null
  /** How often its output was subscribed to and not left. */
  listening = 0
  /** Whether the peer has ended, or the connection has. */
  finished = false
  readonly #subscription: Subscription
  #left = false

  constructor(protocol: Protocol<In, Out>, handler: Handler<In, Out>, clock: VirtualClock, options: ConnectionOptions) {
    this.clock = clock
    this.connection = fromDuplex(this.peer, { ...options, scheduler: clock })
    this.#watchWrites()
    this.#subscription = of(this.connection)
      .pipe(speak(protocol, (in$, connection) => this.#watched(handler(in$, connection))))
      .subscribe(({ cause }) => {
        this.cause = cause
      })
  }

  get output(): Uint8Array {
    return this.peer.written
  }

  async play(schedule: ReadonlyArray<Happening>): Promise<void> {
    for (const one of schedule) {
      this.#happen(one)
      await this.clock.settle(0)
    }
  }

  /** Lets it come to its end, if there is one. */
  settle(): Promise<void> {
    return this.clock.settle(PATIENCE_MS)
  }

  /** What is still in use although all is over, or null. */
  left(): string | null {
    if (this.listening > 0) return 'its output was not left'
    const { timers } = this.clock
    return timers === 0 ? null : `${String(timers)} of its timers are still set`
  }

  /** Gives back what a case that failed has left open. */
  dispose(): void {
    this.#subscription.unsubscribe()
    this.peer.destroy()
  }

  #happen(one: Happening): void {
    switch (one._tag) {
      case 'Chunk':
        this.peer.give(one.bytes)
        break
      case 'Fin':
        this.finished = true
        this.peer.fin()
        break
      case 'Reset':
        this.finished = true
        this.peer.reset()
        break
      case 'Stall':
        this.peer.stall()
        break
      case 'Drain':
        this.peer.drain()
        break
      case 'Wait':
        this.clock.advance(one.ms)
        break
      case 'Leave':
        this.finished = true
        this.#left = true
        this.#subscription.unsubscribe()
    }
  }

  /** The output of the handler, heard also where nobody would. */
  #watched(out$: Observable<Out>): Observable<Out> {
    return new Observable((subscriber) => {
      const probe = new Probe<Out>((notification) => {
        if (notification.late) this.#hearLate(notification)
        else if (notification._tag === 'Next') subscriber.next(notification.value)
        else if (notification._tag === 'Complete') subscriber.complete()
        else subscriber.error(notification.error)
      })
      this.listening++
      probe.add(() => {
        this.listening--
      })
      subscriber.add(probe)
      out$.subscribe(probe)
    })
  }

  #hearLate(notification: Notification<Out>): void {
    // an end that nobody hears harms nobody
    if (notification._tag === 'Next') this.late ??= `it ${this.#over()}, and said ${show(notification.value)}`
  }

  #over(): string {
    return this.#left ? 'was left' : 'had ended'
  }

  /** Also what a handler writes past its output. */
  #watchWrites(): void {
    const { connection } = this
    const write = connection.write.bind(connection)
    const send = connection.send.bind(connection)
    connection.write = (bytes) => {
      const result = write(bytes)
      this.#wrote(result, () => `wrote ${show(bytes)}`)
      return result
    }
    connection.send = (protocol, message) => {
      const result = send(protocol, message)
      this.#wrote(result, () => `sent ${show(message)}`)
      return result
    }
  }

  #wrote(result: Either<WriteError | EncodeError, void>, what: () => string): void {
    if (isLeft(result) && result.left._tag === 'NotWritable') this.late ??= `it ${this.#over()}, and ${what()}`
  }
}

/** What is wrong with how a conversation has ended, or null. */
export const badEnd = (cause: Cause | null): string | null => {
  if (cause === null) return 'it never ends: its output does not complete'
  if (cause._tag === 'HandlerFailed') return `it failed: ${showCause(cause)}`
  if (cause._tag === 'ProtocolFailed' && cause.error.fault === 'local')
    return `it sent what cannot be: ${showCause(cause)}`
  if (cause._tag === 'TimedOut' || cause._tag === 'Overflowed') return `it was ended: ${showCause(cause)}`
  return null
}
