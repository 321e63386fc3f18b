import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Server, Socket } from 'node:net'
import type { ConnectionOptions as TlsPeerOptions, TlsOptions } from 'node:tls'
import { connect as tlsDial, createServer as createTlsServer, TLSSocket } from 'node:tls'
import { monotonicScheduler } from '../../src/internal/time/monotonic.ts'
import type { Stage } from '../../src/internal/server/arrival.ts'
import { liveAcceptor } from '../../src/internal/tls/liveTlsAcceptor.ts'
import { tlsStage } from '../../src/internal/server/stages/tlsStage.ts'
import type {
  Connection,
  ConnectionOptions,
  ConnectOptions,
  TlsAcceptor,
  TlsConnectOptions,
  TlsServerOptions,
} from '../../src/index.ts'
import { fromDuplex } from '../../src/index.ts'
import { authority } from './certificates.ts'
import { connected, HOST, peerOf } from './loopback.ts'
import { afterwards } from './nothingLeft.ts'
import { until } from './turns.ts'

/** Whom the tests trust, and a certificate for loopback. */
export const ca = authority()
export const good = ca.issue()

/** A server that takes whoever comes through a stage. */
export interface Staged {
  readonly port: number
  /** Who came through, oldest first; taken out as they are given. */
  readonly next: () => Promise<Connection>
  readonly failures: Error[]
  /** Until no socket is open. */
  readonly empty: () => Promise<void>
  /** Gives up who is on the way. */
  readonly breakOff: () => void
}

export const staged = async (stage: Stage, options: ConnectionOptions = {}): Promise<Staged> => {
  const arrived: Connection[] = []
  const failures: Error[] = []
  const underWay: (() => void)[] = []
  // as a listener does it
  const server = new Server({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    const done = stage(
      { duplex: socket, milestones: [] },
      ({ duplex }) => {
        const connection = fromDuplex(duplex, options)
        afterwards(() => {
          connection.abort()
        })
        arrived.push(connection)
      },
      (error) => failures.push(error),
    )
    underWay.push(done)
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  afterwards(() => {
    server.close()
  })
  return {
    port: portOf(server),
    next: async () => {
      await until('somebody', () => arrived.length !== 0)
      const first = arrived.shift()
      if (first === undefined) throw new Error('nobody came')
      return first
    },
    failures,
    empty: async () => {
      let open = -1
      const ask = (): void => {
        server.getConnections((_, count) => {
          open = count
        })
      }
      await until('an empty server', () => (ask(), open === 0))
    },
    breakOff: () => {
      for (const one of underWay) one()
    },
  }
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** A server that speaks TLS, in real time. */
export const tlsServer = async (
  tls: TlsServerOptions | TlsAcceptor = good,
  options: ConnectionOptions & { readonly handshakeMs?: number } = {},
): Promise<Staged> => {
  const acceptor = liveAcceptor('test', tls)
  return staged(tlsStage(acceptor, options.handshakeMs ?? 10_000, options.scheduler ?? monotonicScheduler), options)
}

/** Both ends are ours. */
export interface TlsPair {
  readonly client: Connection
  readonly server: Connection
}

export const tlsPair = async (
  tls: TlsConnectOptions = {},
  serverTls: TlsServerOptions | TlsAcceptor = good,
  options: ConnectOptions = {},
  serverOptions: ConnectionOptions = options,
): Promise<TlsPair> => {
  const { port, next } = await tlsServer(serverTls, serverOptions)
  const [client, server] = await Promise.all([connected({ port, tls: { ca: ca.cert, ...tls }, ...options }), next()])
  return { client, server }
}

/** Our end is a client, the other one a server's socket of Node's. */
export const tlsClientPair = async (
  options: ConnectOptions = {},
  serverTls: TlsOptions = good,
): Promise<{ readonly connection: Connection; readonly peer: TLSSocket }> => {
  const { port, accepted } = await plainTlsServer(serverTls)
  const connection = await connected({ port, tls: { ca: ca.cert }, ...options })
  return { connection, peer: await accepted }
}

/** Our end is a server, the other one a client's socket of Node's. */
export const tlsServerPair = async (
  options: ConnectionOptions = {},
  serverTls: TlsServerOptions = good,
): Promise<{ readonly connection: Connection; readonly peer: TLSSocket; readonly server: Staged }> => {
  const server = await tlsServer(serverTls, options)
  const [peer, connection] = await Promise.all([tlsPeer(server.port), server.next()])
  return { connection, peer, server }
}

/** A TLS server of Node's that takes one connection. */
export const plainTlsServer = async (
  options: TlsOptions = good,
  path?: string,
): Promise<{ readonly port: number; readonly accepted: Promise<TLSSocket> }> => {
  const server = createTlsServer({ allowHalfOpen: true, noDelay: true, ...options })
  server.on('tlsClientError', (_, peer) => peer.destroy())
  const accepted = once(server, 'secureConnection').then(([peer]) => {
    if (!(peer instanceof TLSSocket)) throw new Error('a TLS server accepts TLS sockets')
    peer.on('error', () => undefined)
    afterwards(() => {
      peer.destroy()
    })
    return peer
  })
  if (path === undefined) server.listen(0, HOST)
  else server.listen(path)
  await once(server, 'listening')
  afterwards(() => {
    server.close()
  })
  return { port: path === undefined ? portOf(server) : 0, accepted }
}

/** A plain TLS socket of Node's, half-open, its handshake done. */
export const tlsPeer = async (port: number, options: TlsPeerOptions = {}): Promise<TLSSocket> => {
  // connected by itself, so that there is a socket under it
  const peer = tlsDialling(port, { socket: await peerOf(port), ...options })
  await once(peer, 'secureConnect')
  return peer
}

/** As {@link tlsPeer}, on its way. */
export const tlsDialling = (port: number, options: TlsPeerOptions = {}): TLSSocket => {
  // its types do not know that it can be half-open
  const halfOpen: TlsPeerOptions & { readonly allowHalfOpen: true } = { allowHalfOpen: true, ...options }
  const peer = tlsDial({ port, host: HOST, ca: ca.cert, ...halfOpen })
  peer.on('error', () => undefined)
  afterwards(() => {
    peer.destroy()
  })
  return peer
}

/** The socket under TLS: past the encryption, as who stands in the middle. */
export const rawOf = (peer: TLSSocket): Socket => {
  const raw: unknown = Reflect.get(peer, '_parent')
  if (!(raw instanceof Socket)) throw new Error('there is no socket under it')
  return raw
}

/** Breaks off: a reset. */
export const resetUnder = (peer: TLSSocket): void => {
  rawOf(peer).resetAndDestroy()
}
