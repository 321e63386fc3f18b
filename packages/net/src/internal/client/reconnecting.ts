import type { Observable, SchedulerLike, Unsubscribable } from 'rxjs'
import { Subscriber } from 'rxjs'
import type { Backoff } from '../../backoff.ts'
import type { Closed, Connection } from '../../connection.ts'
import { ConnectionLost } from '../../errors.ts'
import type { ReconnectEvent } from '../../reconnectEvent.ts'
import { live } from '../connection/live.ts'

/** What a {@link Reconnecting} keeps to. */
export interface ReconnectSettings {
  readonly policy: Backoff
  readonly tell: (event: ReconnectEvent) => void
  readonly afterFinished: boolean
  readonly scheduler: SchedulerLike
}

/**
 * One subscription to the source: a connection that is made, lasts, and ends, or never comes. Whether the
 * source completes with its connection, or long before, does not matter.
 */
class Attempt extends Subscriber<Connection> {
  readonly #loop: Reconnecting
  #connection: Connection | null = null

  constructor(loop: Reconnecting, subscriber: Subscriber<Connection>) {
    super(subscriber)
    this.#loop = loop
  }

  protected override _next(connection: Connection): void {
    try {
      const lifted = live('reconnect()', connection)
      this.#connection = connection
      this.#loop.up(connection)
      // after whoever works with it, so that all is told of this connection before the next begins
      lifted.whenClosed((closed) => {
        if (this.closed || connection !== this.#connection) return
        this.unsubscribe()
        this.#loop.lost(connection, closed)
      })
    } catch (error) {
      this.destination.error(error)
    }
  }

  protected override _error(error: unknown): void {
    this.unsubscribe()
    this.#loop.failed(error)
  }

  protected override _complete(): void {
    if (this.#connection !== null) return
    this.unsubscribe()
    this.#loop.completed()
  }
}

/** The loop behind `reconnect`: attempt, wait, attempt. Every attempt but the first begins on a timer. */
export class Reconnecting {
  readonly #source$: Observable<Connection>
  readonly #settings: ReconnectSettings
  readonly #subscriber: Subscriber<Connection>
  /** How many attempts in a row there have been, not counting the very first. */
  #attempt = 0
  #upAt = 0
  #timer: Unsubscribable | null = null

  constructor(source$: Observable<Connection>, settings: ReconnectSettings, subscriber: Subscriber<Connection>) {
    this.#source$ = source$
    this.#settings = settings
    this.#subscriber = subscriber
    subscriber.add(() => this.#timer?.unsubscribe())
  }

  connect(): void {
    if (this.#tell({ _tag: 'Connecting', attempt: this.#attempt })) {
      this.#source$.subscribe(new Attempt(this, this.#subscriber))
    }
  }

  up(connection: Connection): void {
    this.#upAt = this.#settings.scheduler.now()
    if (this.#tell({ _tag: 'Up', connection })) this.#subscriber.next(connection)
  }

  completed(): void {
    this.#subscriber.complete()
  }

  failed(error: unknown): void {
    this.#again(error)
  }

  lost(connection: Connection, closed: Closed): void {
    const { scheduler, policy, afterFinished } = this.#settings
    const { _tag } = closed.cause
    if (_tag === 'Aborted' || _tag === 'ShutDown' || (_tag === 'Finished' && !afterFinished)) {
      this.#subscriber.complete()
      return
    }
    // only time proves a connection: a server that takes one and drops it is not well
    if (scheduler.now() - this.#upAt >= policy.resetAfterMs) this.#attempt = 0
    if (this.#tell({ _tag: 'Lost', connection, closed })) this.#again(new ConnectionLost(closed.cause))
  }

  /** Waits for the next attempt, or gives up. */
  #again(error: unknown): void {
    const { policy, scheduler } = this.#settings
    let delayMs: number | null = null
    try {
      if (this.#attempt < policy.attempts && policy.retryIf(error)) delayMs = policy.delayMs(this.#attempt + 1)
    } catch (thrown) {
      this.#subscriber.error(thrown)
      return
    }
    if (delayMs === null) {
      if (this.#tell({ _tag: 'GivenUp', error })) this.#subscriber.error(error)
      return
    }
    this.#attempt++
    if (!this.#tell({ _tag: 'Waiting', delayMs, attempt: this.#attempt, error })) return
    this.#timer = scheduler.schedule(() => {
      this.connect()
    }, delayMs)
  }

  /** Answers whether to go on: whoever is told may unsubscribe, or throw. */
  #tell(event: ReconnectEvent): boolean {
    try {
      this.#settings.tell(event)
    } catch (error) {
      this.#subscriber.error(error)
    }
    return !this.#subscriber.closed
  }
}
