import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ConnectionOptions, PeerCertificate, PSKCallbackNegotation, TLSSocket } from 'node:tls'
import { checkServerIdentity, connect } from 'node:tls'
import { WrongOption } from '@sluice/protocol'
import { TlsFailed } from '../../errors.ts'
import type { TlsConnectOptions } from '../../tlsConnectOptions.ts'
import type { Handshake } from './handshake.ts'
import { peerClosed } from './handshake.ts'
import { destroyStream } from '../transport/rawSocket.ts'
import { alpnOption, secureContext } from './secureContext.ts'
import { certificateOf } from './facts.ts'
import type { Thrown } from './failure.ts'
import { tlsFailure } from './failure.ts'

/** The same water mark on every version of Node. */
const HIGH_WATER_MARK = 64 * 1024

/**
 * The handshake of a client. Options are checked, and the context is made, once; `host` is who has to prove
 * its name where `servername` is not given.
 */
export const clientHandshake = (where: string, options: TlsConnectOptions, host: string | undefined): Handshake => {
  const ALPNProtocols = alpnOption(where, options.alpn)
  const servername = nameOption(where, options, host)
  const common: ConnectionOptions & { highWaterMark: number } = {
    secureContext: options.secureContext ?? secureContext(where, options),
    rejectUnauthorized: options.rejectUnauthorized ?? true,
    minDHSize: options.minDHSize ?? 1024,
    host: host ?? servername ?? 'localhost',
    highWaterMark: HIGH_WATER_MARK,
    ...(servername === undefined ? {} : { servername }),
    ...(ALPNProtocols === undefined ? {} : { ALPNProtocols }),
    ...(options.onOcspResponse === undefined ? {} : { requestOCSP: true }),
  }
  const given = { options, common, nameless: host === undefined && servername === undefined }
  return (duplex, done, failed) => new ClientHandshake(duplex, given, done, failed).begin()
}

/** The name that is asked for; none where it is an address that has to be proved. */
const nameOption = (where: string, options: TlsConnectOptions, host: string | undefined): string | undefined => {
  const { servername, rejectUnauthorized = true, checkServerIdentity: check, pskCallback } = options
  if (servername !== undefined) {
    if (servername !== '' && isIP(servername) === 0) return servername
    throw new WrongOption(where, 'servername', servername, 'a name: an address is none')
  }
  if (host === undefined && rejectUnauthorized && check === undefined && pskCallback === undefined) {
    throw new WrongOption(where, 'servername', servername, 'whose certificate it has to be: there is no host')
  }
  // a name that ends with a dot is the same one
  return host === undefined || isIP(host) !== 0 ? undefined : host.replace(/\.$/, '')
}

interface Given {
  readonly options: TlsConnectOptions
  readonly common: ConnectionOptions
  /** Whether nobody has said whose certificate it has to be. */
  readonly nameless: boolean
}

class ClientHandshake {
  readonly #duplex: Duplex
  readonly #options: TlsConnectOptions
  readonly #common: ConnectionOptions
  readonly #nameless: boolean
  readonly #done: (secure: TLSSocket) => void
  readonly #failed: (error: TlsFailed) => void
  #secure: TLSSocket | undefined
  #certificate: PeerCertificate | undefined
  #thrown: Thrown | undefined
  #settled = false

  constructor(
    duplex: Duplex,
    { options, common, nameless }: Given,
    done: (secure: TLSSocket) => void,
    failed: (error: TlsFailed) => void,
  ) {
    this.#duplex = duplex
    this.#options = options
    this.#common = common
    this.#nameless = nameless
    this.#done = done
    this.#failed = failed
  }

  begin(): () => void {
    const duplex = this.#duplex
    // whatever happens to it from now on, TLS over it tells
    duplex.on('error', () => undefined)
    if (duplex.destroyed || duplex.readableEnded) this.#fail(peerClosed())
    else this.#start()
    return () => {
      this.#settled = true
      this.#destroy()
    }
  }

  #start(): void {
    const session = this.#call('session', () => this.#session(), undefined)
    try {
      const secure = connect({
        ...this.#common,
        socket: this.#duplex,
        checkServerIdentity: (host, certificate) => this.#check(host, certificate),
        ...(session === undefined ? {} : { session }),
        ...(this.#options.pskCallback === undefined ? {} : { pskCallback: (hint) => this.#psk(hint) }),
      })
      this.#secure = secure
      this.#listen(secure)
    } catch (error) {
      // Node throws for a session that is none
      this.#fail(new TlsFailed('callback', 'CALLBACK', 'the session to resume is none', { cause: error }))
    }
    if (this.#thrown !== undefined) this.#fail(tlsFailure(new Error(), { thrown: this.#thrown }))
  }

  #listen(secure: TLSSocket): void {
    // before Node looks at the certificate: afterwards the socket may be gone, and the certificate with it
    secure.prependListener('secure', () => {
      this.#certificate = certificateOf(secure)
    })
    secure.once('secureConnect', () => {
      if (this.#thrown !== undefined) this.#fail(this.#failure(new Error()))
      else if (!this.#settled) {
        this.#settled = true
        this.#done(secure)
      }
    })
    // stays for good: an error that comes late must not end the process
    secure.on('error', (error: Error) => {
      this.#fail(this.#failure(error))
    })
    secure.once('close', () => {
      this.#fail(peerClosed())
    })
    const { onSession, onKeylog, onOcspResponse } = this.#options
    if (onSession !== undefined) secure.on('session', (session) => this.#tell('onSession', onSession, session))
    if (onKeylog !== undefined) secure.on('keylog', (line) => this.#tell('onKeylog', onKeylog, line))
    if (onOcspResponse !== undefined) {
      secure.on('OCSPResponse', (response: Buffer | null) => this.#tell('onOcspResponse', onOcspResponse, response))
    }
  }

  #session(): Buffer | undefined {
    const { session } = this.#options
    return typeof session === 'function' ? session() : session
  }

  #check(host: string, certificate: PeerCertificate): Error | undefined {
    const { checkServerIdentity: check = checkServerIdentity, pskCallback } = this.#options
    if (check === checkServerIdentity) {
      // who has the key both sides know has no need of a certificate
      if (pskCallback !== undefined && Object.keys(certificate).length === 0) return undefined
      if (this.#nameless) return new Error('a certificate, where nobody has said whose it has to be')
    }
    return this.#call('checkServerIdentity', () => check(host, certificate), new Error('not checked'))
  }

  #psk(hint: string | null): PSKCallbackNegotation | null {
    return this.#call('pskCallback', () => this.#options.pskCallback?.(hint) ?? null, null)
  }

  /** What a function of the user's answers, or `otherwise` where it throws: that is found soon after. */
  #call<A>(option: string, f: () => A, otherwise: A): A {
    try {
      return f()
    } catch (error) {
      this.#thrown ??= { option, error }
      return otherwise
    }
  }

  /** Tells a function of the user's; where it throws, TLS ends there, for good if it is done already. */
  #tell<A>(option: string, f: (what: A) => void, what: A): void {
    const late = this.#settled
    this.#call(option, () => {
      f(what)
    }, undefined) // prettier-ignore
    const secure = this.#secure
    if (late && secure !== undefined && this.#thrown !== undefined) destroyStream(secure, this.#failure(new Error()))
  }

  #failure(error: Error): TlsFailed {
    return tlsFailure(error, { secure: this.#secure, certificate: this.#certificate, thrown: this.#thrown })
  }

  #fail(error: TlsFailed): void {
    if (this.#settled) return
    this.#settled = true
    this.#destroy()
    this.#failed(error)
  }

  #destroy(): void {
    if (this.#secure !== undefined) destroyStream(this.#secure)
    this.#duplex.destroy()
  }
}
