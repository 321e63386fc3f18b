import type { Duplex } from 'node:stream'
import type { ConnectionEvent, Endpoint } from '../../connection.ts'

/** An accepted socket on its way to become a connection. */
export interface Arrival {
  /** What is read from and written to from here on: the socket, or TLS over it. Paused; no byte of it was lost. */
  readonly duplex: Duplex
  /** Who the peer says it is speaking for, where it is trusted (PROXY protocol); else as the socket knows. */
  readonly remote?: Endpoint | undefined
  readonly local?: Endpoint | undefined
  /** What happened on the way, told first by `events$` of the connection. */
  readonly milestones: readonly ConnectionEvent[]
}

/**
 * A step between accept and connection: a PROXY header, a look at the first byte, a TLS handshake. It calls
 * `done` or `failed` once; until then the answer breaks it off, socket and timers included. A step that
 * fails has destroyed the socket.
 */
export type Stage = (arrival: Arrival, done: (arrival: Arrival) => void, failed: (error: Error) => void) => () => void
