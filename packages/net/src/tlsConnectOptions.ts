import type { PeerCertificate, SecureContext } from 'node:tls'
import type { TlsContextOptions } from './tlsContextOptions.ts'

/** How a client does TLS. What both roles have is in {@link TlsContextOptions}. */
export interface TlsConnectOptions extends TlsContextOptions {
  /** The name asked for (SNI), and the one its certificate must bear. Default: the host, where it is a name. */
  readonly servername?: string
  /** The protocols spoken, the best first (ALPN): `TlsFacts.alpn` tells which one it is. */
  readonly alpn?: readonly string[]
  /**
   * Whether a peer that cannot prove who it is, is refused. Default true, whatever
   * `NODE_TLS_REJECT_UNAUTHORIZED` says; without it anybody on the way can read along.
   */
  readonly rejectUnauthorized?: boolean
  /** Looks at a certificate that is trusted: an error refuses it. Default: the name must be right. */
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined
  /**
   * A session to resume, from `onSession`, of the same server: who it is is not looked at again. As a function,
   * it is asked at each handshake.
   */
  readonly session?: Buffer | (() => Buffer | undefined)
  /** Told each session that can be resumed; with TLS 1.3 some time after the handshake, and several times. */
  readonly onSession?: (session: Buffer) => void
  /** The key both sides know beforehand, for what the server hints at; `null` refuses. */
  readonly pskCallback?: (hint: string | null) => TlsPsk | null
  /** Asks for the state of the server's certificate (OCSP) and is told it; `null`: the server did not say. */
  readonly onOcspResponse?: (response: Buffer | null) => void
  /** Told the secrets, line by line, for who records the traffic to read it later. */
  readonly onKeylog?: (line: Buffer) => void
  /** The least size of a Diffie-Hellman group, in bits. Default 1,024. */
  readonly minDHSize?: number
  /** A context made beforehand by `node:tls`, instead of all that {@link TlsContextOptions} names. */
  readonly secureContext?: SecureContext
}

/** A key that both sides know beforehand, and its name. */
export interface TlsPsk {
  readonly identity: string
  readonly psk: Uint8Array
}
