import { Socket } from 'node:net'
import type { SocketConstructorOpts, TcpSocketConnectOpts } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Lookup } from '../../connection.ts'
import type { Network, NetworkPlace } from '../../network.ts'
import { describeError } from '../transport/address.ts'
import type { Transport } from '../transport/transport.ts'
import { heardLookup } from './lookups.ts'

/** How it went; one of them, once. */
export interface Dialled {
  connected(duplex: Duplex, lookups: readonly Lookup[]): void
  /** As `connected`, with a transport that is no stream of Node's. */
  carried(transport: Transport, lookups: readonly Lookup[]): void
  failed(code: string, message: string, cause?: unknown): void
}

/** Gets hold of a connected stream; the answer breaks that off. What failed, or was broken off, is destroyed. */
export type Dial = (dialled: Dialled) => () => void

/** What a socket takes where it is made, and its types do not know: `connect()` of one takes no notice of these. */
type SocketOptions = SocketConstructorOpts &
  Pick<TcpSocketConnectOpts, 'noDelay' | 'keepAlive' | 'keepAliveInitialDelay'> & { highWaterMark: number }

// the same water mark on every version of Node
const SOCKET_OPTIONS: SocketOptions = { allowHalfOpen: true, highWaterMark: 64 * 1024 }

const optionsFor = (target: TcpSocketConnectOpts | { readonly path: string }): SocketOptions => {
  if ('path' in target) return SOCKET_OPTIONS
  const { noDelay = false, keepAlive = false, keepAliveInitialDelay = 0 } = target
  return { ...SOCKET_OPTIONS, noDelay, keepAlive, keepAliveInitialDelay }
}

/** To a port, or the path of a Unix socket. */
export const dialTarget =
  (target: TcpSocketConnectOpts | { readonly path: string }): Dial =>
  (dialled) => {
    const socket = new Socket(optionsFor(target))
    const lookups: Lookup[] = []
    const stop = waitFor(socket, dialled, lookups)
    socket.pause()
    try {
      socket.connect('path' in target ? target : { ...target, lookup: heardBy(lookups, target) })
    } catch (error) {
      // options that only Node finds out about
      socket.destroy(error instanceof Error ? error : new Error(String(error)))
    }
    return stop
  }

/** An open descriptor of a socket or a pipe. */
export const dialDescriptor =
  (fd: number): Dial =>
  (dialled) => {
    try {
      const socket = new Socket({ ...SOCKET_OPTIONS, fd, readable: true, writable: true })
      socket.pause()
      return waitFor(socket, dialled, [])
    } catch (error) {
      const { code, message } = describeError(error instanceof Error ? error : new Error(String(error)))
      dialled.failed(code, message, error)
      return () => undefined
    }
  }

/** To a place on another network. */
export const dialNetwork =
  (network: Network, to: NetworkPlace): Dial =>
  (dialled) =>
    network.dial(to, {
      connected: (transport, lookups) => {
        dialled.carried(transport, lookups)
      },
      failed: (code, message, cause) => {
        dialled.failed(code, message, cause)
      },
    })

/** Streams that somebody was given already. */
const taken = new WeakSet<Duplex>()

/** A stream that is connected, or on its way; only once. */
export const dialHandle =
  (handle: Duplex): Dial =>
  (dialled) => {
    if (taken.has(handle) || handle.destroyed) {
      dialled.failed('EBADF', taken.has(handle) ? 'the stream has an owner already' : 'the stream is closed')
      return () => undefined
    }
    taken.add(handle)
    return waitFor(handle, dialled, [])
  }

const heardBy = (lookups: Lookup[], { lookup }: TcpSocketConnectOpts): TcpSocketConnectOpts['lookup'] =>
  heardLookup(lookup, (found) => {
    lookups.push(found)
  })

/** Waits until a stream is connected, and looks whether it is so to somebody else. */
const waitFor = (duplex: Duplex, dialled: Dialled, lookups: readonly Lookup[]): (() => void) => {
  let settled = false
  const fail = (code: string, message: string, cause?: unknown): void => {
    if (settled) return
    settled = true
    duplex.destroy()
    dialled.failed(code, message, cause)
  }
  const onConnect = (): void => {
    if (settled) return
    if (duplex instanceof Socket && isSelf(duplex)) {
      // a local port that nobody listens on may be given to the very socket that asks for it (FAULTS 0.15)
      fail('SELF_CONNECT', 'nobody listens there, and the socket was connected to itself')
      return
    }
    settled = true
    dialled.connected(duplex, lookups)
  }
  // stays for good: a lookup that fails after all must not end the process
  duplex.on('error', (error) => {
    const { code, message } = describeError(error)
    fail(code, message, error)
  })
  duplex.once('close', () => {
    fail('ECONNRESET', 'the stream was closed')
  })
  if (duplex instanceof Socket && (duplex.connecting || duplex.pending)) duplex.once('connect', onConnect)
  else process.nextTick(onConnect)
  return () => {
    settled = true
    duplex.destroy()
  }
}

const isSelf = (socket: Socket): boolean =>
  socket.localPort !== undefined &&
  socket.localPort === socket.remotePort &&
  socket.localAddress === socket.remoteAddress
