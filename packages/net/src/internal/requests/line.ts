import type { Protocol } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { of, Subscription } from 'rxjs'
import type { Clocks } from '../../clocks.ts'
import type { Closed, Connection } from '../../connection.ts'
import type { Cause } from '../../errors.ts'
import { ConnectFailed, ConnectionLost, TlsFailed } from '../../errors.ts'
import { speak } from '../../speak.ts'
import type { Talk } from './talk.ts'
import type { ClientSettings, Endpoints } from './settings.ts'

/** What a {@link Line} tells. */
export interface LineEvents<Req, Res, Out> {
  /** A connection is there; the talk on it begins right after. */
  connected(connection: Connection, line: Line<Req, Res, Out>): Talk<Req, Res, Out>
  /** It is over. */
  disconnected(talk: Talk<Req, Res, Out>, cause: Cause): void
  /** There will be no other connection. `served`: at least one was of use. */
  lineOver(line: Line<Req, Res, Out>, cause: Cause, served: boolean): void
}

/** One subscription to the source of connections: with `reconnect` one connection after the other, else just one. */
export class Line<Req, Res, Out> {
  readonly #events: LineEvents<Req, Res, Out>
  readonly #subscription = new Subscription()
  readonly #talks = new Set<Talk<Req, Res, Out>>()
  /** Whether it takes part no more: it ends with its connection. */
  #ending = false
  #sourceOver = false
  #over = false
  #served = false
  #cause: Cause = NONE

  constructor(events: LineEvents<Req, Res, Out>) {
    this.#events = events
  }

  /** Whether there is no connection yet, and may be one. */
  get dialing(): boolean {
    return !this.#ending && !this.#over && this.#talks.size === 0
  }

  get ending(): boolean {
    return this.#ending
  }

  begin(connections$: Observable<Connection>, { protocol }: Endpoints<Req, Res, Out>, settings: ClientSettings): void {
    const next = (connection: Connection): void => {
      this.#talkOn(connection, protocol, settings.clocks)
    }
    const error = (failure: unknown): void => {
      this.#sourceEnded(causeOf(failure))
    }
    const complete = (): void => {
      this.#sourceEnded(this.#cause)
    }
    this.#subscription.add(connections$.subscribe({ next, error, complete }))
  }

  /** Says goodbye on its connection; without one it is over at once. */
  end(): void {
    this.#ending = true
    for (const talk of [...this.#talks]) talk.end()
    this.#maybeOver()
  }

  #talkOn(connection: Connection, protocol: Protocol<Res, Out>, clocks: Clocks): void {
    const talk = this.#events.connected(connection, this)
    this.#talks.add(talk)
    const next = ({ cause }: Closed): void => {
      this.#closed(talk, cause)
    }
    const error = (failure: unknown): void => {
      this.#closed(talk, { _tag: 'HandlerFailed', error: failure })
    }
    const spoken$ = of(connection).pipe(speak(protocol, talk.handler, { clocks }))
    this.#subscription.add(spoken$.subscribe({ next, error }))
  }

  #closed(talk: Talk<Req, Res, Out>, cause: Cause): void {
    if (!this.#talks.delete(talk)) return
    this.#served ||= talk.served
    this.#cause = cause
    this.#events.disconnected(talk, cause)
    this.#maybeOver()
  }

  #sourceEnded(cause: Cause): void {
    this.#sourceOver = true
    this.#cause = cause
    this.#maybeOver()
  }

  #maybeOver(): void {
    if (this.#over || this.#talks.size > 0 || !(this.#sourceOver || this.#ending)) return
    this.#over = true
    this.#subscription.unsubscribe()
    this.#events.lineOver(this, this.#cause, this.#served)
  }
}

const causeOf = (error: unknown): Cause => {
  if (error instanceof ConnectionLost) return error.reason
  if (error instanceof TlsFailed) return { _tag: 'TlsFailed', error }
  if (error instanceof ConnectFailed) return { _tag: 'ConnectFailed', error }
  const message = error instanceof Error ? error.message : String(error)
  return { _tag: 'ConnectFailed', error: new ConnectFailed('a peer', 'SOURCE_FAILED', message, error) }
}

const NONE: Cause = {
  _tag: 'ConnectFailed',
  error: new ConnectFailed('a peer', 'NO_CONNECTION', 'the source of connections gave none'),
}
