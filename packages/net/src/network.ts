import type { SchedulerLike } from 'rxjs'
import type { Endpoint, Lookup } from './connection.ts'
import type { Transport } from './internal/transport/transport.ts'

export type { Transport, TransportSink, Upgrade } from './internal/transport/transport.ts'

/** Where to on a network: a port with a host, or the path of a Unix socket. */
export interface NetworkPlace {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly path?: string | undefined
  /** When TCP begins to ask a silent peer whether it lives; `Infinity`: never. */
  readonly keepAliveMs: number
}

/** How dialling went; one of them, once. */
export interface NetworkDialled {
  connected(transport: Transport, lookups: readonly Lookup[]): void
  failed(code: string, message: string, cause?: unknown): void
}

/** What a place that is listened at tells. */
export interface NetworkArrivals {
  bound(address: Endpoint): void
  /** It could not be bound; nothing follows. */
  failed(error: Error): void
  /** Somebody has come. Paused; nothing of it was read. */
  arrived(transport: Transport): void
}

/** A place that is listened at. */
export interface NetworkBinding {
  /** Nobody comes any more; who came stays. */
  close(): void
}

/**
 * What `connect` and `listen` stand on. Without one it is the network of the machine, by `node:net`. Another is a
 * simulated one (`@sluice/testing`), or whatever carries bytes in order both ways.
 *
 * ```
 *  connect ──dial──▶ Network ──▶ Transport ──▶ Connection
 *  listen  ──bind──▶    ╵    ──▶ Transport ──▶ Connection, for each that comes
 * ```
 *
 * There is no TLS over it, and what is about real sockets means nothing there: descriptors, the backlog, families,
 * local addresses. All else is as ever.
 */
export interface Network {
  /** Where time comes from for whoever is given no scheduler of its own (R22). */
  readonly scheduler: SchedulerLike
  /** Connects; the answer breaks that off, unless it is done. Tells nothing before it has returned. */
  dial(to: NetworkPlace, dialled: NetworkDialled): () => void
  /** Listens. Tells nothing before it has returned. */
  bind(at: NetworkPlace, backlog: number, arrivals: NetworkArrivals): NetworkBinding
}
