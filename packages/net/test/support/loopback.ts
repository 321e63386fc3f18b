import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createConnection, createServer, Socket } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filter, firstValueFrom } from 'rxjs'
import type { Closed, Connection, ConnectOptions, Listener, ListenOptions } from '../../src/index.ts'
import { connect, listen } from '../../src/index.ts'
import { afterwards } from './nothingLeft.ts'

export const HOST = '127.0.0.1'

/** A listener on a free port of loopback, closed when the test is over. */
export const listening = async (options: ListenOptions = {}): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const { path, fd, handle, addresses } = options
    const target = (path ?? fd ?? handle ?? addresses) === undefined ? { port: 0, host: HOST } : {}
    const subscription = listen({ ...target, ...options }).subscribe({ next: resolve, error: reject })
    afterwards(() => {
      subscription.unsubscribe()
    })
  })

/** What can be dialled: a listener, or one of its addresses in its place. */
export type Reachable = Pick<Listener, 'address'>

export const portOf = ({ address }: Reachable): number => address.port ?? 0

/** A plain socket of Node's, half-open, connected; destroyed when the test is over. */
export const peerOf = async (target: Reachable | number): Promise<Socket> => {
  const peer = dial(target)
  await once(peer, 'connect')
  return peer
}

/** As {@link peerOf}, on its way. */
export const dial = (target: Reachable | number): Socket => {
  const port = typeof target === 'number' ? target : portOf(target)
  const path = typeof target === 'number' || target.address.family !== 'unix' ? undefined : target.address.address
  const peer = createConnection({
    allowHalfOpen: true,
    noDelay: true,
    ...(path === undefined ? { port, host: hostOf(target) } : { path }),
  })
  peer.on('error', () => undefined)
  afterwards(() => {
    peer.destroy()
  })
  return peer
}

const hostOf = (target: Reachable | number): string =>
  typeof target !== 'number' && target.address.address === '::1' ? '::1' : HOST

/** Our end, accepted, and the other end as a plain socket. */
export interface Pair {
  readonly connection: Connection
  readonly peer: Socket
  readonly listener: Listener
}

export const pair = async (options: ListenOptions = {}): Promise<Pair> => {
  const listener = await listening(options)
  const [connection, peer] = await Promise.all([firstValueFrom(listener.connections$), peerOf(listener)])
  return { connection, peer, listener }
}

/** Our end as a client, and a plain server's socket. */
export const clientPair = async (options: ConnectOptions = {}): Promise<Omit<Pair, 'listener'>> => {
  const { port, accepted } = await plainServer()
  const connection = await connected({ port, ...options })
  return { connection, peer: await accepted }
}

/** A plain server of Node's that takes one connection. */
export const plainServer = async (): Promise<{ readonly port: number; readonly accepted: Promise<Socket> }> => {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
  const accepted = once(server, 'connection').then(([socket]) => {
    if (!(socket instanceof Socket)) throw new Error('a server accepts sockets')
    socket.on('error', () => undefined)
    afterwards(() => {
      socket.destroy()
    })
    return socket
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  afterwards(() => {
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, accepted }
}

export const connected = async (options: ConnectOptions): Promise<Connection> =>
  new Promise((resolve, reject) => {
    const subscription = connect({ host: HOST, ...options }).subscribe({ next: resolve, error: reject })
    afterwards(() => {
      subscription.unsubscribe()
    })
  })

const isClosed = (event: { readonly _tag: string }): event is Closed => event._tag === 'Closed'

/** How a connection ended. */
export const closing = async (connection: Connection): Promise<Closed> =>
  firstValueFrom(connection.events$.pipe(filter(isClosed)))

/** All a plain socket gets until the other side ends; fails if it is reset. */
export const everything = async (peer: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    peer.on('data', (chunk: Buffer) => chunks.push(chunk)).resume()
    peer.once('end', () => {
      resolve(Buffer.concat(chunks).toString())
    })
    const closed = (): void => {
      reject(new Error('closed before its end'))
    }
    if (peer.readableEnded) resolve('')
    else if (peer.closed) closed()
    else peer.once('close', closed)
  })

/** The next bytes of a plain socket, until there are so many. */
export const next = async (peer: Socket, bytes: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      length += chunk.length
      if (length < bytes) return
      peer.off('data', onData)
      resolve(Buffer.concat(chunks).toString())
    }
    peer.on('data', onData)
    peer.once('close', () => {
      reject(new Error(`closed after ${String(length)} of ${String(bytes)} bytes`))
    })
  })

/** The path of a Unix socket in a folder of its own. */
export const socketPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'))
  afterwards(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return join(folder, 's.sock')
}
