import type { TlsAcceptor } from './tlsAcceptor.ts'
import type { TlsServerOptions } from './tlsServerOptions.ts'

/** TLS in front of a listener: options, or an acceptor made of them beforehand. */
export type TlsListenOptions = (TlsServerOptions | { readonly acceptor: TlsAcceptor }) & {
  /** Serves plain text as well, on the same port: the first byte of a client says which. Default false. */
  readonly sniff?: boolean
  /**
   * With `sniff`: a client that says nothing for so long is served in plain text, for protocols in which the
   * server speaks first. Default: never; who says nothing is put out after `handshakeMs`.
   */
  readonly plainAfterMs?: number
}
