import type { PeerCertificate, TLSSocket } from 'node:tls'
import type { TlsFailure } from '../../errors.ts'
import { TlsFailed } from '../../errors.ts'
import { describeError } from '../transport/address.ts'
import { peerClosed } from './handshake.ts'

/** What a handshake knows when it fails. */
export interface Failing {
  /** `undefined` where Node had none to show. */
  readonly secure?: TLSSocket | undefined
  readonly certificate?: PeerCertificate | undefined
  /** What a function among the options has thrown, if any. */
  readonly thrown?: Thrown | undefined
}

export interface Thrown {
  readonly option: string
  readonly error: unknown
}

/** An error of Node's, or OpenSSL's, as ours. */
export const tlsFailure = (error: Error, { secure, certificate, thrown }: Failing = {}): TlsFailed => {
  if (error instanceof TlsFailed) return error
  if (thrown !== undefined) return callbackFailed(thrown)
  const refused = refusal(secure)
  const { code, message } = describeError(error)
  if (refused !== undefined && refused !== code) {
    // a server closes without a word where it refuses a certificate
    return new TlsFailed('certificate', refused, `the certificate of the peer is refused: ${refused}`, { certificate })
  }
  const why = whyOf(error, code, refused !== undefined)
  if (why === 'closed') return peerClosed(error)
  return new TlsFailed(why, code, reasonOf(error) ?? message, { certificate, cause: error })
}

/** Whether an error of a connection that stands is one of TLS, and not of the socket. */
export const isOfTls = (error: Error): boolean => /^ERR_(SSL|TLS)_|^EPROTO$/.test(describeError(error).code)

export const callbackFailed = ({ option, error }: Thrown): TlsFailed => {
  const message = error instanceof Error ? error.message : String(error)
  return new TlsFailed('callback', 'CALLBACK', `${option} failed: ${message}`, { cause: error })
}

/** Why a certificate was refused. Its type says that it is an error; it is the code of one. */
const refusal = (secure: TLSSocket | undefined): string | undefined => {
  const error: unknown = secure?.authorizationError
  return typeof error === 'string' ? error : undefined
}

const whyOf = (error: Error, code: string, refused: boolean): TlsFailure => {
  if (refused || /CERT|UNKNOWN_CA/.test(code)) return 'certificate'
  return 'syscall' in error || SOCKET_CODES.has(code) ? 'closed' : 'protocol'
}

const SOCKET_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE'])

/** OpenSSL's messages are full of addresses and line numbers; Node gives the words beside. */
const reasonOf = (error: Error): string | undefined =>
  'reason' in error && typeof error.reason === 'string' ? error.reason : undefined
