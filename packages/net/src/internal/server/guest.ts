import type { Duplex } from 'node:stream'
import type { ConnectionEvent } from '../../connection.ts'
import type { Arrival } from './arrival.ts'
import { duplexTransport } from '../transport/duplexTransport.ts'
import type { Transport } from '../transport/transport.ts'

/** Somebody who came, and is no connection yet. */
export interface Guest {
  readonly duplex: Duplex
  readonly transport: Transport
  /** What he counts as, where peers are counted. */
  readonly peer: string | undefined
  /** The path of the Unix socket he came by. */
  readonly path: string | undefined
  /** What happened on the way, told first by `events$` of his connection. */
  readonly milestones: readonly ConnectionEvent[]
}

export const guestOf = (arrival: Arrival, path: string | undefined, peer: string | undefined): Guest => {
  const { duplex, milestones } = arrival
  return { duplex, transport: duplexTransport(duplex, path, arrival), peer, path, milestones }
}
