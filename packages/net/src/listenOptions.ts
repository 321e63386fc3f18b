import type { BlockList, Server } from 'node:net'
import type { AddressSet } from './addresses.ts'
import type { ConnectionOptions } from './connection.ts'
import type { RefusalReason } from './listener.ts'
import type { Network } from './network.ts'
import type { ProxyAcceptOptions } from './proxyAccept.ts'
import type { TlsListenOptions } from './tlsListenOptions.ts'

/** One place to listen at: a port, the path of a Unix socket, or what somebody else has bound. */
export interface ListenAddress {
  /** 0 lets the system choose a free one: `listener.address` tells. */
  readonly port?: number
  /** The address to bind. Default: all, of both families where the system has IPv6. */
  readonly host?: string
  /** With `::` as the host: leaves IPv4 to others. Default false. */
  readonly ipv6Only?: boolean
  /**
   * A Unix socket, instead of port and host. A socket file nobody answers on is replaced; one where
   * somebody does is in use. Removed when the listener closes.
   */
  readonly path?: string
  /** The permissions of that file, as `chmod` takes them: who may write to it may connect. Default: the umask's. */
  readonly mode?: number
  /** A bound descriptor that was handed down to us (systemd's 3), instead of all that. */
  readonly fd?: number
  /** A server, or whatever holds a descriptor, that another process has sent us. */
  readonly handle?: Server | { readonly fd: number }
}

/** What those who are refused are told; `undefined`: nothing. */
export type Goodbye = Uint8Array | string | ((reason: RefusalReason) => Uint8Array | string | undefined)

/** Where to listen, and whom to let in; see {@link listen}. The rest is for each accepted connection. */
export interface ListenOptions extends ConnectionOptions, ListenAddress {
  /** Another network than that of the machine: a simulated one. Without TLS. */
  readonly network?: Network
  /** Several places at once, instead of one: all of them are bound, or none. */
  readonly addresses?: readonly ListenAddress[]
  /** How many connections the kernel keeps for us until we accept them; it has a bound of its own. Default 4,096. */
  readonly backlog?: number
  /** In a `cluster` worker: a socket of our own instead of the shared one. Default false. */
  readonly exclusive?: boolean
  /** Several processes on one port, each with a socket of its own. Needs Node 22.12 or 23.1. Default false. */
  readonly reusePort?: boolean
  /** Whether small segments leave at once instead of being joined by the kernel: we join them. Default true. */
  readonly noDelay?: boolean
  /** When TCP begins to ask a silent peer whether it lives. Default 30,000; at least 1,000; `Infinity`: never. */
  readonly keepAliveMs?: number
  /** Closes at once when it is aborted, as unsubscribing does. Any number of listeners may share one. */
  readonly signal?: AbortSignal
  /**
   * The most open connections. Default 16,384, or 64 less than the process may have descriptors (an eighth
   * less, where that is fewer than 512).
   */
  readonly maxConnections?: number
  /** The most open connections from one remote address. Default: as `maxConnections`, for a balancer is one address. */
  readonly maxConnectionsPerPeer?: number
  /** How many bits of an IPv6 address are a peer's own: whoever has one such network has all of it. Default 64. */
  readonly peerPrefixBits?: number
  /** The most that may wait for a subscriber of `connections$`, for a limit or for `resume()`. Default 128. */
  readonly maxUnconsumed?: number
  /**
   * The most bytes that may wait in all connections of this listener, unsent or unread, looked at once to
   * ten times a second. Over it no connection is read; if that does not help, nobody is let in, and after a second
   * without progress who holds most is aborted. Default 536,870,912.
   */
  readonly maxBufferedBytes?: number
  /** Who comes at a limit is refused, or waits for room, at most `maxUnconsumed` of them. Default `refuse`. */
  readonly atLimit?: 'refuse' | 'wait'
  /**
   * What those who are refused are told, in plain text; with `tls` only who is refused after his handshake. At
   * most 256 at once are given up to a second to read it. Default: nothing.
   */
  readonly goodbye?: Goodbye
  /** Only these addresses are let in. A Unix socket has none and is not asked. Default: everybody. */
  readonly allow?: readonly string[] | BlockList | AddressSet
  /** These addresses are not. */
  readonly deny?: readonly string[] | BlockList | AddressSet
  /** TLS for who comes, all of them or whoever begins with it; see there. Default: plain text. */
  readonly tls?: TlsListenOptions
  /** How long a TLS handshake may take, all of it. Default 10,000. */
  readonly handshakeMs?: number
  /** The most handshakes and PROXY headers that may be under way. Default 1,024. */
  readonly maxHandshakes?: number
  /**
   * Who comes through a proxy, which says for whom in a PROXY header. `allow`, `deny` and
   * `maxConnectionsPerPeer` then are about the peer it speaks for; `trusted` is about the proxy itself.
   * Default: no header is read.
   */
  readonly proxyProtocol?: ProxyAcceptOptions
}
