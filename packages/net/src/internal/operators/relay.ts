import type { Observable } from 'rxjs'
import { Subscription, tap } from 'rxjs'
import type { Closed, Connection } from '../../connection.ts'
import type { Cause } from '../../errors.ts'
import { ConnectFailed, ConnectionLost, NotWritable, TlsFailed } from '../../errors.ts'
import { writeTo } from '../../operators/writeTo.ts'
import { live } from '../connection/live.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'

/** One of the two connections of a {@link Relay}. */
interface Side {
  readonly connection: LiveConnection
  /** Whether all that its peer says has come, and was passed on. */
  ended: boolean
  closed: Closed | null
}

const sideOf = (connection: LiveConnection): Side => ({ connection, ended: false, closed: null })

/** A client, its upstream, and the bytes between them. */
export class Relay {
  readonly #client: Side
  readonly #over: (client: Closed, upstream: Closed) => void
  readonly #subscriptions = new Subscription()
  readonly #began: number
  #upstream: Side | null = null
  /** How the upstream was over before it began. */
  #unreachable: Closed | null = null

  /** `over` is told how both sides have ended, once. */
  constructor(client: LiveConnection, over: (client: Closed, upstream: Closed) => void) {
    this.#client = sideOf(client)
    this.#over = over
    this.#began = client.scheduler.now()
  }

  begin(upstream$: Observable<Connection>): void {
    this.#watch(this.#client)
    if (this.#client.closed !== null) return
    this.#subscriptions.add(
      upstream$.subscribe({
        next: (connection) => {
          this.#connected(connection)
        },
        error: (error: unknown) => {
          this.#failed(error)
        },
        complete: () => {
          this.#failed(new ConnectFailed('the upstream', 'NONE', 'its source has completed without a connection'))
        },
      }),
    )
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#client.connection.abort()
    this.#upstream?.connection.abort()
    this.#subscriptions.unsubscribe()
  }

  #connected(connection: Connection): void {
    if (this.#upstream !== null || this.#unreachable !== null) {
      // one is enough: a source that makes another (it may reconnect) comes too late
      connection.abort()
      return
    }
    try {
      this.#join(sideOf(live('proxyTo()', connection)))
    } catch (error) {
      this.#failed(error)
    }
  }

  #join(upstream: Side): void {
    this.#upstream = upstream
    this.#watch(upstream)
    this.#carry(this.#client, upstream)
    this.#carry(upstream, this.#client)
  }

  #carry(from: Side, to: Side): void {
    const ended = tap<Uint8Array>({ complete: () => (from.ended = true) })
    const carrying = from.connection.data$.pipe(ended, writeTo(to.connection)).subscribe({
      error: (error: unknown) => {
        // where a side is over its `Closed` says what is to become of the other
        if (error instanceof ConnectionLost || (error instanceof NotWritable && error.why === 'closed')) return
        from.connection.abort(error)
        to.connection.abort(error)
      },
    })
    this.#subscriptions.add(carrying)
  }

  #failed(error: unknown): void {
    if (this.#upstream !== null || this.#unreachable !== null) return
    this.#unreachable = this.#never(causeOf(error))
    this.#client.connection.abort(error)
    this.#settle()
  }

  #watch(side: Side): void {
    side.connection.whenClosed((closed) => {
      side.closed = closed
      const other = side === this.#client ? this.#upstream : this.#client
      if (other === null)
        this.#unreachable ??= this.#never({ _tag: 'Aborted', reason: new ConnectionLost(closed.cause) })
      else if (side.ended) other.connection.close()
      else other.connection.abort(new ConnectionLost(closed.cause))
      this.#settle()
    })
  }

  #settle(): void {
    const client = this.#client.closed
    const upstream = this.#unreachable ?? this.#upstream?.closed ?? null
    if (client === null || upstream === null) return
    this.#subscriptions.unsubscribe()
    this.#over(client, upstream)
  }

  /** What is told of a connection that never was. */
  #never(cause: Cause): Closed {
    const durationMs = this.#client.connection.scheduler.now() - this.#began
    const nothing = { bytesRead: 0, bytesWritten: 0, bytesUnsent: 0, bytesUnread: 0, dropped: 0, invalid: 0 }
    return { _tag: 'Closed', cause, figures: { ...nothing, durationMs } }
  }
}

const causeOf = (error: unknown): Cause => {
  if (error instanceof ConnectFailed) return { _tag: 'ConnectFailed', error }
  if (error instanceof TlsFailed) return { _tag: 'TlsFailed', error }
  return { _tag: 'HandlerFailed', error }
}
