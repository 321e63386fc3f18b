import type { SecureContext } from 'node:tls'
import type { TlsContextOptions } from './tlsContextOptions.ts'

/** How a server does TLS. What both roles have is in {@link TlsContextOptions}. */
export interface TlsServerOptions extends TlsContextOptions {
  /**
   * The protocols spoken, the best first (ALPN), or who chooses among those the client offers. A client
   * that offers none of them is refused.
   */
  readonly alpn?: readonly string[] | ((offer: TlsOffer) => string | undefined)
  /**
   * Other certificates for other names (SNI): by name, `*.example.org` for any one label, or asked at each
   * handshake. What has none gets the certificate of these options. What both have in common (`ca`,
   * `minVersion` …) is not inherited.
   */
  readonly sni?: Readonly<Record<string, TlsContextOptions>> | TlsSniCallback
  /** Asks clients for a certificate. Default false. */
  readonly requestCert?: boolean
  /** With `requestCert`: refuses a client without one, or with one that `ca` does not stand for. Default true. */
  readonly rejectUnauthorized?: boolean
  /** The key of a client by its name; `null` refuses. */
  readonly pskCallback?: (identity: string) => Uint8Array | null
  /** Told to clients that have a key, so that they know which. */
  readonly pskIdentityHint?: string
  /** Where sessions are kept, for TLS 1.2 without tickets. Default: nowhere; tickets need no keeping. */
  readonly sessions?: TlsSessionStore
  /** The state of our certificate (OCSP), for clients that ask. */
  readonly ocsp?: (certificate: Buffer, issuer: Buffer) => Awaitable<Buffer | null>
  /** Told the secrets, line by line, for who records the traffic to read it later. */
  readonly onKeylog?: (line: Buffer) => void
}

/** A value, or a promise of it. */
export type Awaitable<A> = A | Promise<A>

/** What a client asks for. */
export interface TlsOffer {
  /** The name it asks for, or an empty text. */
  readonly servername: string
  /** The protocols it speaks, the best first. */
  readonly protocols: readonly string[]
}

/** Certificates for a name; `undefined`: those of the options. */
export type TlsSniCallback = (servername: string) => Awaitable<TlsContextOptions | SecureContext | undefined>

/** Keeps sessions by their name. */
export interface TlsSessionStore {
  readonly put: (id: Buffer, session: Buffer) => Awaitable<void>
  readonly get: (id: Buffer) => Awaitable<Buffer | null | undefined>
}
