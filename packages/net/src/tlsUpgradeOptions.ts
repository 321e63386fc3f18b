import type { TlsAcceptor } from './tlsAcceptor.ts'
import type { TlsConnectOptions } from './tlsConnectOptions.ts'
import type { TlsServerOptions } from './tlsServerOptions.ts'

/** How {@link upgradeTls} is done on this side, and what both sides have in common. */
export type TlsUpgradeOptions = TlsUpgradeCommon &
  (
    | ({ readonly role: 'client' } & TlsConnectOptions)
    | ({ readonly role: 'server' } & TlsServerOptions)
    /** Made once for many connections: certificates are read once, and sessions can be resumed. */
    | { readonly role: 'server'; readonly acceptor: TlsAcceptor }
  )

export interface TlsUpgradeCommon {
  /** How long it may take, with what is still to be flushed before. Default 10,000. */
  readonly handshakeMs?: number
  /**
   * What is done with bytes that came behind the message that asks for TLS. Default `refuse`.
   *
   * | | |
   * |---|---|
   * | `refuse` | `PlaintextBeforeTls`: a forgery, or a peer that breaks the protocol |
   * | `handOver` | they are the first of TLS: where a peer may begin its handshake without waiting for our answer |
   *
   * Either way none of them is ever taken for a message.
   */
  readonly unread?: 'refuse' | 'handOver'
}
