import type { BlockList } from 'node:net'
import type { AddressSet } from './addresses.ts'
import type { Endpoint } from './endpoint.ts'
import type { ProxyHeader } from './proxyAnnouncement.ts'
import type { ProxyProtocolOptions } from './proxyProtocol.ts'

/** How a server takes PROXY headers. */
export interface ProxyAcceptOptions extends ProxyProtocolOptions {
  /**
   * Who may announce others: the proxies, as addresses, networks and ranges (see `addressSet`), and `unix` for
   * whoever comes over a Unix socket. From nobody else a header is read.
   */
  readonly trusted: readonly string[] | BlockList | AddressSet
  /**
   * What becomes of the others. Default `refuse`. With `pass` their bytes go to the protocol as they are, a
   * header among them too.
   */
  readonly untrusted?: 'refuse' | 'pass'
  /**
   * Whether who is trusted must send a header. Default true. With false bytes that begin like none go to the protocol
   * as they are, and so does a connection on which nothing comes within `headerMs`. That is for proxies that
   * put a header on every connection of a client: through another one the client itself could write it.
   */
  readonly required?: boolean
  /** How long a header may take from the moment of accepting. Default 5,000. */
  readonly headerMs?: number
}

/** A connection came through a proxy, whose header said this. `by` is the proxy itself. */
export interface Proxied {
  readonly _tag: 'Proxied'
  readonly header: ProxyHeader
  readonly by: Endpoint | undefined
}

/**
 * Why a connection was refused before it was one.
 *
 * | reason | what happened | `cause` |
 * |---|---|---|
 * | `untrusted` | its address is not among the trusted ones | |
 * | `malformed` | what it sent is no header | `Malformed` or `TooLong` |
 * | `truncated` | it ended before its header was whole | `Truncated` |
 * | `timedOut` | its header was not whole in time | |
 * | `closed` | it broke off | the socket's error, where there is one |
 */
export type ProxyRefusal = 'untrusted' | 'malformed' | 'truncated' | 'timedOut' | 'closed'

/** An accepted connection had no valid PROXY header, or came from who may not send one. Fault: remote. The socket is destroyed. */
export class ProxyHeaderFailed extends Error {
  readonly _tag = 'ProxyHeaderFailed'
  readonly reason: ProxyRefusal
  /** The end of the socket itself, `undefined` where it was gone already. */
  readonly remote: Endpoint | undefined

  constructor(reason: ProxyRefusal, remote: Endpoint | undefined, cause?: Error) {
    super(`no PROXY header: ${cause?.message ?? WORDS[reason]}`, cause === undefined ? undefined : { cause })
    this.name = 'ProxyHeaderFailed'
    this.reason = reason
    this.remote = remote
  }
}

const WORDS: Readonly<Record<ProxyRefusal, string>> = {
  untrusted: 'the address is not a trusted one',
  malformed: 'the bytes are none',
  truncated: 'the peer ended before it was whole',
  timedOut: 'it was not whole in time',
  closed: 'the peer broke off',
}
