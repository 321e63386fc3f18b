import type { AddressSet } from '../../addresses.ts'
import type { RefusalReason } from '../../listener.ts'
import { peerKey } from './peerKey.ts'

/** {@link Admission}'s bounds. */
export interface AdmissionLimits {
  readonly maxConnections: number
  /** `Infinity`: nobody is counted. */
  readonly maxConnectionsPerPeer: number
  readonly peerPrefixBits: number
  readonly allow: AddressSet | null
  readonly deny: AddressSet | null
}

/** Who is in, and whether there is room for one more. */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #counts: Map<string, number> | null
  #inside = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
    this.#counts = limits.maxConnectionsPerPeer === Infinity ? null : new Map<string, number>()
  }

  get inside(): number {
    return this.#inside
  }

  /** What an address counts as; `undefined` where it does not matter, or the peer has gone already. */
  peerOf(address: string | undefined): string | undefined {
    if (this.#counts === null || address === undefined) return undefined
    return peerKey(address, this.#limits.peerPrefixBits)
  }

  blocks(address: string | undefined): boolean {
    const { allow, deny } = this.#limits
    if (allow === null && deny === null) return false
    // who is gone already cannot be told from a stranger
    if (address === undefined) return allow !== null
    return deny?.has(address) === true || allow?.has(address) === false
  }

  /** Why there is no room, if there is none. */
  full(peer: string | undefined): RefusalReason | null {
    if (this.#inside >= this.#limits.maxConnections) return 'connections'
    return this.fullOf(peer) ? 'perPeer' : null
  }

  /** Whether there is no room for one more of this peer. */
  fullOf(peer: string | undefined): boolean {
    return peer !== undefined && (this.#counts?.get(peer) ?? 0) >= this.#limits.maxConnectionsPerPeer
  }

  enter(peer: string | undefined): void {
    this.#inside++
    this.count(peer, 1)
  }

  leave(peer: string | undefined): void {
    this.#inside--
    this.count(peer, -1)
  }

  /** Counts one more, or one less, of a peer that is known only now. */
  count(peer: string | undefined, by: 1 | -1): void {
    if (peer === undefined || this.#counts === null) return
    const count = (this.#counts.get(peer) ?? 0) + by
    if (count === 0) this.#counts.delete(peer)
    else this.#counts.set(peer, count)
  }
}
