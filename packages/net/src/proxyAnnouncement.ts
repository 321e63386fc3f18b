import type { Endpoint } from './endpoint.ts'
import type { ProxyTlv } from './proxyTlv.ts'

/** What a PROXY header has said. */
export interface ProxyHeader {
  readonly version: 1 | 2
  /** `proxy`: somebody else's connection is passed on. `local`: the proxy speaks for itself, to see whether we live. */
  readonly command: 'proxy' | 'local'
  /** What the client speaks to the proxy: TCP is `stream`, UDP `datagram`. */
  readonly transport: 'stream' | 'datagram' | 'unknown'
  /** The client; `undefined` where the header does not say, and then the endpoints of the socket hold. */
  readonly source: Endpoint | undefined
  /** Whom the client has connected to. */
  readonly destination: Endpoint | undefined
  /** Only in version 2, and only where there are endpoints: what else stands in a header is skipped. */
  readonly tlvs: readonly ProxyTlv[]
}

/** A PROXY header to be written; what was read may be passed on as it is. */
export interface ProxyAnnouncement {
  /** Default 2. */
  readonly version?: 1 | 2 | undefined
  /** Default `proxy`; `local` is for version 2 alone, and says nothing else. */
  readonly command?: 'proxy' | 'local' | undefined
  /** Default `stream`, without endpoints `unknown`. */
  readonly transport?: 'stream' | 'datagram' | 'unknown' | undefined
  /** The client: `connection.remote` of the connection that is passed on. */
  readonly source?: Endpoint | undefined
  /** Whom it has connected to: `connection.local`. */
  readonly destination?: Endpoint | undefined
  /** Default none; for version 2 alone. */
  readonly tlvs?: readonly ProxyTlv[] | undefined
}
