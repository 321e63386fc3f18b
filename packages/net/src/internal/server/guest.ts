import type { Duplex } from 'node:stream'
import type { ConnectionEvent } from '../../connection.ts'
import type { Arrival } from './arrival.ts'
import { networkDuplex } from './networkDuplex.ts'
import { duplexTransport } from '../transport/duplexTransport.ts'
import type { Transport, TransportSink } from '../transport/transport.ts'

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

/** Who came by another network: a stream of Node's only for who asks for one. */
export class NetworkGuest implements Guest {
  readonly peer: string | undefined
  readonly path = undefined
  readonly milestones: readonly ConnectionEvent[] = []
  #transport: Transport
  #duplex: Duplex | null = null

  constructor(transport: Transport, peer: string | undefined) {
    this.#transport = transport
    this.peer = peer
  }

  get transport(): Transport {
    return this.#transport
  }

  get duplex(): Duplex {
    if (this.#duplex !== null) return this.#duplex
    const { local, remote } = this.#transport
    const duplex = networkDuplex(this.#transport)
    this.#duplex = duplex
    this.#transport = duplexTransport(duplex, undefined, { local, remote })
    return duplex
  }
}

/** A guest on the way to become a connection. A stream over another network does not know where it comes from. */
export const arrivalOf = (guest: Guest): Arrival => {
  const { duplex, milestones } = guest
  if (!(guest instanceof NetworkGuest)) return { duplex, milestones }
  const { local, remote } = guest.transport
  return { duplex, milestones, local, remote }
}

/** Tells when somebody who is not read from has gone; the answer ends that. */
export const whenGone = (guest: Guest, gone: () => void): (() => void) => {
  if (guest instanceof NetworkGuest) {
    guest.transport.attach({ ...NOBODY, gone })
    return () => {
      guest.transport.attach(NOBODY)
    }
  }
  const { duplex } = guest
  duplex.on('error', ignore).once('close', gone)
  return () => {
    duplex.off('error', ignore).off('close', gone)
  }
}

const ignore = (): void => undefined
/** Who is told and does nothing. */
const NOBODY: TransportSink = {
  received: ignore,
  peerEnded: ignore,
  drained: ignore,
  flushed: ignore,
  failed: ignore,
  secured: ignore,
  gone: ignore,
}
