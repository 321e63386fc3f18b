import type { Socket } from 'node:net'
import { Server } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'
import type { Closed, Connection, Endpoint } from '../connection.ts'
import { AlreadySubscribed, ListenFailed } from '../errors.ts'
import type { DrainReport, Listener, ListenerEvent } from '../listener.ts'
import type { Target } from './address.ts'
import { describeError, showTarget } from './address.ts'
import { duplexTransport, endpoint } from './duplexTransport.ts'
import { Emitter } from './emitter.ts'
import { LiveConnection } from './liveConnection.ts'
import type { ConnectionSettings } from './settings.ts'
import { timeOption } from './settings.ts'

export interface ListenerSettings {
  readonly target: Target
  readonly backlog: number
  readonly maxConnections: number
  readonly maxUnconsumed: number
  readonly keepAliveMs: number
  readonly connection: ConnectionSettings
}

/** What a listener tells the Observable that made it. */
export interface ListenerEvents {
  listening(): void
  failed(error: ListenFailed): void
  closed(): void
}

const DEFAULT_DRAIN_MS = 15_000

export class LiveListener implements Listener {
  readonly #settings: ListenerSettings
  readonly #events: ListenerEvents
  readonly #server: Server
  readonly #emitter = new Emitter<ListenerEvent>()
  readonly #live = new Set<LiveConnection>()
  #unconsumed: LiveConnection[] = []
  #subscriber: Subscriber<Connection> | null = null
  #address: Endpoint | null = null
  #draining: Promise<DrainReport> | null = null
  /** How many connections were aborted at the end. */
  #aborted = 0
  #closed = false

  readonly connections$ = new Observable<Connection>((subscriber) => {
    if (this.#subscriber !== null) {
      subscriber.error(new AlreadySubscribed())
      return
    }
    if (this.#closed) {
      subscriber.complete()
      return
    }
    this.#subscriber = subscriber
    subscriber.add(() => {
      this.#subscriber = null
    })
    // who takes only some of them leaves the rest to the next
    while (!subscriber.closed) {
      const connection = this.#unconsumed.shift()
      if (connection === undefined) return
      subscriber.next(connection)
    }
  })

  constructor(settings: ListenerSettings, events: ListenerEvents) {
    this.#settings = settings
    this.#events = events
    const { target, keepAliveMs, backlog } = settings
    this.#server = new Server(
      {
        allowHalfOpen: true,
        pauseOnConnect: true,
        noDelay: true,
        highWaterMark: 64 * 1024,
        ...(keepAliveMs === Infinity ? {} : { keepAlive: true, keepAliveInitialDelay: keepAliveMs }),
      },
      (socket) => {
        this.#accepted(socket)
      },
    )
    this.#server.on('error', (error) => {
      this.#onError(error)
    })
    this.#server.once('listening', () => {
      this.#onListening()
    })
    const { path, port, host } = target
    this.#server.listen(path === undefined ? { port, host, backlog } : { path, backlog })
  }

  get address(): Endpoint {
    if (this.#address !== null) return this.#address
    throw new Error('a listener is handed out only when it is bound')
  }

  get events$(): Observable<ListenerEvent> {
    return this.#emitter.events$
  }

  get live(): number {
    return this.#live.size
  }

  drain(options: { readonly deadlineMs?: number } = {}): TE.TaskEither<never, DrainReport> {
    const deadlineMs = timeOption('drain()', 'deadlineMs', options.deadlineMs, DEFAULT_DRAIN_MS)
    return async () => E.right(await (this.#draining ??= this.#drain(deadlineMs)))
  }

  /** Closes at once. */
  destroy(): void {
    if (this.#closed) return
    this.#server.close()
    this.#abortAll()
    this.#onClosed()
  }

  #abortAll(): void {
    this.#aborted = this.#live.size
    for (const connection of this.#live) connection.fail({ _tag: 'ShutDown' })
  }

  #drain(deadlineMs: number): Promise<DrainReport> {
    if (!this.#closed) this.#emitter.milestone({ _tag: 'Draining' })
    this.#server.close()
    const ended: { connection: Connection; closed: Closed }[] = []
    const { scheduler } = this.#settings.connection
    return new Promise((resolve) => {
      const finish = (): void => {
        deadline?.unsubscribe()
        this.#onClosed()
        resolve({ finished: ended.length - this.#aborted, aborted: this.#aborted, connections: ended })
      }
      const deadline =
        deadlineMs === Infinity
          ? null
          : scheduler.schedule(() => {
              this.#abortAll()
            }, deadlineMs)
      this.#onEnded = (connection, closed) => {
        ended.push({ connection, closed })
        if (this.#live.size === 0) finish()
      }
      for (const connection of [...this.#live]) connection.shutDown()
      // nobody has ever spoken to these, and nobody will
      for (const connection of this.#unconsumed) connection.close()
      if (this.#live.size === 0) finish()
    })
  }

  #onEnded: (connection: Connection, closed: Closed) => void = () => undefined

  #accepted(socket: Socket): void {
    const { maxConnections, maxUnconsumed, target, connection: settings } = this.#settings
    const unconsumed = this.#subscriber === null && this.#unconsumed.length >= maxUnconsumed
    if (unconsumed || this.#live.size >= maxConnections) {
      const remote = endpoint(socket.remoteAddress, socket.remotePort)
      socket.on('error', () => undefined)
      socket.destroy()
      this.#emitter.emit({ _tag: 'Refused', reason: unconsumed ? 'unconsumed' : 'connections', remote })
      return
    }
    const connection = new LiveConnection(duplexTransport(socket, target.path), settings)
    this.#live.add(connection)
    connection.whenOver((closed) => {
      this.#live.delete(connection)
      if (this.#unconsumed.length !== 0) this.#unconsumed = this.#unconsumed.filter((other) => other !== connection)
      this.#onEnded(connection, closed)
    })
    if (this.#emitter.heard) this.#emitter.emit({ _tag: 'Accepted', connection })
    if (this.#subscriber === null) this.#unconsumed.push(connection)
    else this.#subscriber.next(connection)
  }

  #onListening(): void {
    if (this.#closed) {
      // closed while it was being bound
      this.#server.close()
      return
    }
    const { path } = this.#settings.target
    const bound = this.#server.address()
    this.#address =
      typeof bound === 'object' && bound !== null
        ? { family: bound.family === 'IPv6' ? 'IPv6' : 'IPv4', address: bound.address, port: bound.port }
        : { family: 'unix', address: path ?? bound ?? '' }
    this.#emitter.milestone({ _tag: 'Listening', address: this.#address })
    this.#events.listening()
  }

  #onError(error: Error): void {
    if (this.#address !== null) {
      this.#emitter.emit({ _tag: 'AcceptFailed', error })
      return
    }
    const { code, message } = describeError(error)
    this.#closed = true
    this.#events.failed(new ListenFailed(showTarget(this.#settings.target), code, message, error))
  }

  #onClosed(): void {
    if (this.#closed) return
    this.#closed = true
    this.#emitter.milestone({ _tag: 'Closed' })
    this.#emitter.complete()
    this.#subscriber?.complete()
    this.#events.closed()
  }
}
