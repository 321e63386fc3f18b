import type { ListenerCounts, RefusalReason } from '../../listener.ts'

/** The counts of a listener, as they grow. */
export class Tally implements ListenerCounts {
  arrived = 0
  accepted = 0
  readonly refused: Record<RefusalReason, number> = {
    connections: 0,
    perPeer: 0,
    unconsumed: 0,
    buffered: 0,
    descriptors: 0,
    handshakes: 0,
    blocked: 0,
    suspended: 0,
    draining: 0,
  }
  handshakesFailed = 0
  left = 0

  /** How many came and never were a connection. */
  get sentAway(): number {
    let count = this.handshakesFailed + this.left
    for (const one of Object.values(this.refused)) count += one
    return count
  }

  /** As it stands now. */
  get counts(): ListenerCounts {
    const { arrived, accepted, refused, handshakesFailed, left } = this
    return { arrived, accepted, refused: { ...refused }, handshakesFailed, left }
  }
}
