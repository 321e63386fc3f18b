import { chmodSync } from 'node:fs'
import type { Socket } from 'node:net'
import { Server } from 'node:net'
import type { Endpoint } from '../../connection.ts'
import type { ListenAddress } from '../../listenOptions.ts'
import { boundAt } from './place.ts'
import { removeStale } from './staleSocket.ts'
import type { Transport } from '../transport/transport.ts'

/** How to listen, wherever it is. */
export interface BindOptions {
  readonly backlog: number
  readonly exclusive: boolean
  readonly reusePort: boolean
  readonly noDelay: boolean
  readonly keepAliveMs: number
}

/** What a {@link Binding} tells. */
export interface BindingEvents {
  bound(address: Endpoint): void
  /** It could not be bound; nothing follows. */
  failed(error: Error): void
  /** Somebody has come, by the path of a Unix socket or by TCP. Paused; nothing of it was read. */
  arrived(socket: Socket, path: string | undefined): void
  /** Somebody has come by another network. */
  carried(transport: Transport): void
  /** Something went wrong later. It goes on. */
  acceptFailed(error: Error): void
}

/** A place that is listened at. */
export interface Bound {
  close(): void
  ref(keeps: boolean): void
}

/** One listening socket. */
export class Binding implements Bound {
  readonly #place: ListenAddress
  readonly #options: BindOptions
  readonly #events: BindingEvents
  readonly #server: Server
  #path: string | undefined
  #phase: 'binding' | 'bound' | 'failed' | 'closed' = 'binding'
  #triedAgain = false
  #stopLooking: () => void = () => undefined

  constructor(place: ListenAddress, options: BindOptions, events: BindingEvents) {
    this.#place = place
    this.#options = options
    this.#events = events
    this.#path = place.path
    this.#server = this.#create()
    this.#listen()
  }

  close(): void {
    if (this.#phase === 'closed' || this.#phase === 'failed') return
    this.#phase = 'closed'
    this.#stopLooking()
    // while a name is looked up there is nothing to close yet: see #onListening
    this.#server.close()
  }

  ref(keeps: boolean): void {
    if (keeps) this.#server.ref()
    else this.#server.unref()
  }

  #create(): Server {
    const { noDelay, keepAliveMs } = this.#options
    const server = new Server(
      {
        allowHalfOpen: true,
        pauseOnConnect: true,
        noDelay,
        // the same on every version of Node
        highWaterMark: 64 * 1024,
        ...(keepAliveMs === Infinity ? {} : { keepAlive: true, keepAliveInitialDelay: keepAliveMs }),
      },
      (socket) => {
        this.#events.arrived(socket, this.#path)
      },
    )
    server.on('error', (error) => {
      this.#onError(error)
    })
    server.on('listening', () => {
      this.#onListening()
    })
    return server
  }

  #listen(): void {
    const { port, host, path, fd, handle, ipv6Only = false } = this.#place
    const { backlog, exclusive, reusePort } = this.#options
    if (handle !== undefined) this.#listenTo(handle, backlog)
    else if (fd !== undefined) this.#server.listen({ fd }, backlog)
    else if (path !== undefined) this.#server.listen({ path, backlog, exclusive })
    else this.#server.listen({ port, host, backlog, exclusive, ipv6Only, ...(reusePort ? { reusePort } : {}) })
  }

  /** A server that was closed meanwhile has no handle any more: Node throws. */
  #listenTo(handle: object, backlog: number): void {
    try {
      this.#server.listen(handle, backlog)
    } catch (error) {
      queueMicrotask(() => {
        this.#onError(asError(error))
      })
    }
  }

  #onListening(): void {
    if (this.#phase === 'closed') {
      this.#server.close()
      return
    }
    const { path, mode } = this.#place
    try {
      if (path !== undefined && mode !== undefined) chmodSync(path, mode)
    } catch (error) {
      this.#server.close()
      this.#fail(asError(error))
      return
    }
    this.#phase = 'bound'
    const address = boundAt(this.#place, this.#server.address())
    if (address.family === 'unix') this.#path = address.address
    this.#events.bound(address)
  }

  #onError(error: Error): void {
    const { path } = this.#place
    if (this.#phase === 'bound') this.#events.acceptFailed(error)
    else if (this.#phase === 'binding') {
      const inUse = 'code' in error && error.code === 'EADDRINUSE'
      if (path === undefined || !inUse || this.#triedAgain) this.#fail(error)
      else this.#tryAgain(path, error)
    }
  }

  #tryAgain(path: string, error: Error): void {
    this.#triedAgain = true
    this.#stopLooking = removeStale(path, (removed) => {
      if (removed) this.#listen()
      else this.#fail(error)
    })
  }

  #fail(error: Error): void {
    this.#phase = 'failed'
    this.#events.failed(error)
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
