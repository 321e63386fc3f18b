import { once } from 'node:events'
import type { AddressInfo, NetConnectOpts, Socket } from 'node:net'
import { createConnection, createServer } from 'node:net'

/** Options of {@link socketPair}. */
export interface SocketPairOptions {
  /** A Unix socket at this path, instead of TCP. */
  readonly path?: string
}

/** Two plain sockets of Node's, connected to each other. */
export interface SocketPair extends AsyncDisposable {
  /** The one that connected. */
  readonly client: Socket
  /** The one that was accepted. */
  readonly server: Socket
  /** Destroys both, and waits until they are closed. Again: nothing more. */
  readonly close: () => Promise<void>
}

/**
 * Two plain `net.Socket`s connected to each other, over TCP on a free port of 127.0.0.1 or over a Unix socket: raw
 * material for `fromDuplex`, and a peer that does exactly what it is told.
 *
 * ```
 *  client ◀────────────▶ server      half-open: each ends on its own; no delay (Nagle) on TCP
 * ```
 *
 * Nothing is lost before you read. An `error` of either (a reset) is listened to, so that it
 * never is an uncaught one; your own listener hears it as well. Rejects with the system's error where there can be
 * no socket.
 *
 * ```ts
 * import { socketPair } from '@sluice/testing'
 * import { once } from 'node:events'
 *
 * const { client, server, close } = await socketPair()
 * client.end('hello')
 * const [bytes] = await once(server, 'data')
 * console.log(String(bytes)) // hello
 * await close()
 * ```
 */
export const socketPair = async (options: SocketPairOptions = {}): Promise<SocketPair> => {
  const { path } = options
  const listener = createServer({ allowHalfOpen: true, noDelay: true })
  const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve))
  if (path === undefined) listener.listen(0, '127.0.0.1')
  else listener.listen(path)
  await once(listener, 'listening')
  try {
    const client = createConnection(targetOf(path, listener.address()))
    client.on('error', () => undefined)
    await once(client, 'connect')
    const server = await accepted
    server.on('error', () => undefined)
    const close = async (): Promise<void> => {
      await Promise.all([gone(client), gone(server)])
    }
    return { client, server, close, [Symbol.asyncDispose]: close }
  } finally {
    listener.close()
  }
}

const targetOf = (path: string | undefined, address: AddressInfo | string | null): NetConnectOpts => {
  const port = address === null || typeof address === 'string' ? 0 : address.port
  return { allowHalfOpen: true, noDelay: true, ...(path === undefined ? { host: '127.0.0.1', port } : { path }) }
}

const gone = async (socket: Socket): Promise<void> => {
  if (socket.closed) return
  const closed = once(socket, 'close')
  socket.destroy()
  await closed
}
