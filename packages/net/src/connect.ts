import type { SocketConstructorOpts } from 'node:net'
import { Socket } from 'node:net'
import { Observable } from 'rxjs'
import type { Connection, ConnectionOptions } from './connection.ts'
import { ConnectFailed } from './errors.ts'
import { checkTarget, describeError, showTarget } from './internal/address.ts'
import { duplexTransport } from './internal/duplexTransport.ts'
import { LiveConnection } from './internal/liveConnection.ts'
import type { ConnectionSettings } from './internal/settings.ts'
import { connectionSettings, keepAliveOption, timeOption } from './internal/settings.ts'

/** Where to connect to, and how; see {@link connect}. */
export interface ConnectOptions extends ConnectionOptions {
  readonly port?: number
  /** A name or an address. Default `localhost`; both address families are tried. */
  readonly host?: string
  /** A Unix socket, instead of port and host. */
  readonly path?: string
  /** How long the peer may take to accept. Default 10,000. */
  readonly connectMs?: number
  /** When TCP begins to ask a silent peer whether it lives. Default 30,000; at least 1,000; `Infinity`: never. */
  readonly keepAliveMs?: number
  /** Breaks off, before or after the connection is made. */
  readonly signal?: AbortSignal
}

/**
 * Connects. Cold: nothing happens before subscription, and each subscription is a connection of its own.
 *
 * ```
 *  connect  ──────Connection──────────────|   completes when the connection is closed
 *           ──────#                           ConnectFailed
 * ```
 *
 * Unsubscribing aborts: while connecting nothing is left behind, afterwards the peer sees a reset. So
 * work with the connection inside the pipe ({@link speak}, `mergeMap`), not after `take(1)`.
 *
 * Errors: `ConnectFailed` (remote: refused, unreachable, no answer within `connectMs`, a connection to
 * oneself; its `code` says which). Throws `WrongOption` for a target or an option that cannot work.
 *
 * ```ts
 * import { connect } from '@sluice/net'
 *
 * connect({ host: '127.0.0.1', port: 1 }).subscribe({
 *   error: (error) => console.log(error._tag, error.code), // ConnectFailed ECONNREFUSED
 * })
 * ```
 */
export const connect = (options: ConnectOptions): Observable<Connection> => {
  checkTarget('connect()', options, 1)
  const settings = connectionSettings('connect()', options)
  const connectMs = timeOption('connect()', 'connectMs', options.connectMs, 10_000)
  const keepAliveMs = keepAliveOption('connect()', options.keepAliveMs)
  const target = showTarget(options)
  return new Observable((subscriber) => {
    const socket = new Socket(SOCKET_OPTIONS)
    const fail = (code: string, message: string, cause?: unknown): void => {
      socket.destroy()
      subscriber.error(new ConnectFailed(target, code, message, cause))
    }
    const { signal } = options
    if (signal?.aborted === true) {
      fail('ABORTED', 'the signal was aborted before', signal.reason)
      return undefined
    }
    let connection: LiveConnection | null = null
    const onAbort = (): void => {
      if (connection === null) fail('ABORTED', 'the signal was aborted', signal?.reason)
      else connection.abort(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    subscriber.add(() => signal?.removeEventListener('abort', onAbort))

    const deadline = waitFor(settings, connectMs, () => {
      fail('TIMEOUT', `no answer within ${String(connectMs)} ms`)
    })
    subscriber.add(deadline)
    const onError = (error: Error): void => {
      const { code, message } = describeError(error)
      fail(code, message, error)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      deadline.unsubscribe()
      if (isSelf(socket)) {
        // a local port that nobody listens on may be given to the very socket that asks for it (FAULTS 0.15)
        fail('SELF_CONNECT', 'nobody listens there, and the socket was connected to itself')
        return
      }
      connection = new LiveConnection(duplexTransport(socket, options.path), settings)
      socket.off('error', onError)
      connection.whenOver(() => {
        subscriber.complete()
      })
      subscriber.next(connection)
    })
    subscriber.add(() => {
      if (connection !== null) connection.abort()
      else {
        // a lookup that fails after all must not end the process
        socket.on('error', () => undefined)
        socket.destroy()
      }
    })
    socket.pause()
    socket.connect({
      ...(options.path === undefined
        ? { port: options.port ?? 0, host: options.host ?? 'localhost', noDelay: true }
        : { path: options.path }),
      ...(keepAliveMs === Infinity ? {} : { keepAlive: true, keepAliveInitialDelay: keepAliveMs }),
    })
    return undefined
  })
}

// the same water mark on every version of Node; its types do not know that sockets take one
const SOCKET_OPTIONS: SocketConstructorOpts & { highWaterMark: number } = {
  allowHalfOpen: true,
  highWaterMark: 64 * 1024,
}

const waitFor = (settings: ConnectionSettings, ms: number, f: () => void): { unsubscribe(): void } =>
  ms === Infinity ? { unsubscribe: () => undefined } : settings.scheduler.schedule(f, ms)

const isSelf = (socket: Socket): boolean =>
  socket.localPort !== undefined &&
  socket.localPort === socket.remotePort &&
  socket.localAddress === socket.remoteAddress
