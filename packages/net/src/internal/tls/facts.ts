import type { CipherNameAndProtocol, PeerCertificate, TLSSocket } from 'node:tls'
import type { TlsFacts } from '../../connection.ts'

/** What the handshake of a socket has settled; `undefined` before it is done. */
export const tlsFacts = (secure: TLSSocket): TlsFacts | undefined => {
  // none where it is over already
  const cipher: CipherNameAndProtocol | null | undefined = secure.getCipher()
  if (!isSecure(secure) || cipher === null || cipher === undefined) return undefined
  return {
    protocol: secure.getProtocol() ?? 'unknown',
    cipher: cipher.name,
    alpn: textOf(secure.alpnProtocol),
    serverName: textOf(secure.servername),
    authorized: secure.authorized,
    peerCertificate: certificateOf(secure),
    resumed: secure.isSessionReused(),
  }
}

/** For a runtime that does not tell. */
export const UNKNOWN_TLS: TlsFacts = {
  protocol: 'unknown',
  cipher: 'unknown',
  alpn: undefined,
  serverName: undefined,
  authorized: false,
  peerCertificate: undefined,
  resumed: false,
}

/** The certificate of the peer; Node answers an empty one where there is none. */
export const certificateOf = (secure: TLSSocket): PeerCertificate | undefined => {
  const certificate: PeerCertificate | null = secure.getPeerCertificate()
  return certificate === null || Object.keys(certificate).length === 0 ? undefined : certificate
}

/** Whether the handshake is done: Node says so of those it has verified, OpenSSL of the others. */
const isSecure = (secure: TLSSocket): boolean => {
  const connecting: unknown = Reflect.get(secure, 'secureConnecting')
  const finished: Buffer | null | undefined = secure.getPeerFinished()
  return connecting === false || (finished !== undefined && finished !== null)
}

/** Node has `false`, or `null`, where a text is missing. */
const textOf = (value: string | false | null | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
