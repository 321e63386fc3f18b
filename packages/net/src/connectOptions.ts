import type { LookupFunction } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ConnectionOptions } from './connection.ts'
import type { Network } from './network.ts'
import type { TlsConnectOptions } from './tlsConnectOptions.ts'

/** Where to connect to, and how; see `connect`. */
export interface ConnectOptions extends ConnectionOptions {
  readonly port?: number
  /** A name or an address. Default `localhost`; both address families are tried. */
  readonly host?: string
  /** A Unix socket, instead of port and host. */
  readonly path?: string
  /** The open descriptor of a socket that is connected, or of a pipe, instead: it is ours from then on. */
  readonly fd?: number
  /**
   * A stream that is connected or on its way, instead: a socket from another process, a tunnel. It is ours
   * from the subscription on, and there is only one.
   */
  readonly handle?: Duplex
  /** Another network than that of the machine: a simulated one. Without TLS. */
  readonly network?: Network
  /** TLS over it. `true`: with the authorities Node knows, and the host as the name. Default: none. */
  readonly tls?: true | TlsConnectOptions
  /** The address to connect from. Default: the system chooses. */
  readonly localAddress?: string
  /** The port to connect from. Default: the system chooses. */
  readonly localPort?: number
  /** Only addresses of this family; 0: of both. Default 0. */
  readonly family?: 0 | 4 | 6
  /** How names become addresses, in the shape of `lookup` of `node:dns`, which is the default. */
  readonly lookup?: LookupFunction
  /** The hints for that lookup, as `node:dns` names them. */
  readonly hints?: number
  /** Whether the addresses of a name are tried one after the other, of both families in turn. Default true. */
  readonly autoSelectFamily?: boolean
  /** How long one address is tried before the next one is tried too. Default 250; at least 10. */
  readonly autoSelectFamilyAttemptTimeoutMs?: number
  /** How long it may take until there is a connection, the lookup included. Default 10,000. */
  readonly connectMs?: number
  /** How long the TLS handshake may take after that. Default 10,000. */
  readonly handshakeMs?: number
  /** Whether small writes leave at once, without waiting for the answer to those before. Default true. */
  readonly noDelay?: boolean
  /** When TCP begins to ask a silent peer whether it lives. Default 30,000; at least 1,000; `Infinity`: never. */
  readonly keepAliveMs?: number
  /** Breaks off, before or after the connection is made. */
  readonly signal?: AbortSignal
}
