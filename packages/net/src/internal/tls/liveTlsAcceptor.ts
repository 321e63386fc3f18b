import type { Duplex } from 'node:stream'
import type { TlsOptions } from 'node:tls'
import { Server, TLSSocket } from 'node:tls'
import { WrongOption } from '@sluice/protocol'
import type { TlsFailed } from '../../errors.ts'
import type { TlsContextOptions } from '../../tlsContextOptions.ts'
import type { TlsServerOptions } from '../../tlsServerOptions.ts'
import type { Handshake } from './handshake.ts'
import { peerClosed } from './handshake.ts'
import { alpnOption, contextOptions, orWrong, renewed } from './secureContext.ts'
import { callbackFailed, tlsFailure } from './failure.ts'
import { TlsNames } from './names.ts'
import { TlsServerHooks } from './serverHooks.ts'

/** Node's own limit leaves the socket open (FAULTS 0.11) and cannot be turned off: so it never comes. */
const NEVER_MS = 2 ** 31 - 1

/** The server's side of TLS, made once for any number of connections. */
export interface TlsAcceptor {
  /**
   * Other certificates from the next handshake on, or for the one `servername` of `sni`; connections that
   * stand keep theirs. What is not named stays as it was. Sessions from before are resumed only where
   * `ticketKeys` were given.
   *
   * Throws `WrongOption` for what OpenSSL does not take; everything stays as it was then.
   */
  setSecureContext(context: TlsContextOptions, servername?: string): void
}

/**
 * A TLS server of Node's that never listens: sockets are handed to it, so that names, sessions, tickets
 * and new certificates are its business.
 */
export class LiveTlsAcceptor implements TlsAcceptor {
  readonly #where: string
  readonly #server: Server
  readonly #hooks: TlsServerHooks
  readonly #names: TlsNames | null
  #context: TlsContextOptions

  constructor(where: string, options: TlsServerOptions) {
    if (!provesItself(options)) {
      throw new WrongOption(where, 'tls', Object.keys(options), 'cert and key, or pfx, or sni, or pskCallback')
    }
    this.#where = where
    this.#context = options
    this.#hooks = new TlsServerHooks(where)
    const { sni } = options
    this.#names = sni === undefined || typeof sni === 'function' ? null : new TlsNames(where, sni)
    const settings = this.#settings(options)
    this.#server = orWrong(where, options, () => new Server(settings))
    this.#hooks.listen(this.#server, options)
  }

  setSecureContext(context: TlsContextOptions, servername?: string): void {
    const where = 'setSecureContext()'
    if (servername === undefined) {
      const now = renewed(this.#context, context)
      orWrong(where, now, () => {
        this.#server.setSecureContext(contextOptions(now))
      })
      this.#context = now
    } else if (this.#names === null) {
      throw new WrongOption(where, 'servername', servername, 'none: there is no list of names in sni')
    } else this.#names.renew(servername, context)
  }

  readonly handshake: Handshake = (duplex, done, failed) => {
    let settled = false
    const fail = (error: TlsFailed): void => {
      if (settled) return
      settled = true
      duplex.destroy()
      failed(error)
    }
    duplex.on('error', () => undefined)
    if (duplex.destroyed || duplex.readableEnded) fail(peerClosed())
    else {
      // Node tells why, if it knows, after the socket is closed
      duplex.once('close', () => {
        setImmediate(fail, peerClosed())
      })
      this.#accept(duplex, fail, (secure) => {
        // too late: it goes with the socket
        if (settled) return
        settled = true
        done(secure)
      })
    }
    return () => {
      settled = true
      duplex.destroy()
    }
  }

  #accept(duplex: Duplex, fail: (error: TlsFailed) => void, done: (secure: TLSSocket) => void): void {
    const server = this.#server
    // Node does not say which of its sockets comes of ours, so each has a server of its own to tell: the same one
    // in everything else
    const emit = (event: string, ...args: readonly unknown[]): boolean => {
      const [first, second] = args
      if (event === 'secureConnection' && first instanceof TLSSocket) {
        const thrown = this.#hooks.thrown(first)
        if (thrown === undefined) done(secured(duplex, first))
        else fail(callbackFailed(thrown))
      } else if (event === 'tlsClientError' && first instanceof Error) fail(this.#failure(first, second))
      else return server.emit(event, ...args)
      return true
    }
    const one = Object.create(server, { emit: { value: emit } }) as object
    // a peer that gives up in the middle says so with a FIN: that is the end of it
    duplex.allowHalfOpen = false
    try {
      for (const listener of server.listeners('connection')) Reflect.apply(listener, one, [duplex])
    } catch (error) {
      fail(tlsFailure(error instanceof Error ? error : new Error(String(error))))
    }
  }

  #failure(error: Error, secure: unknown): TlsFailed {
    return secure instanceof TLSSocket
      ? tlsFailure(error, { secure, thrown: this.#hooks.thrown(secure) })
      : tlsFailure(error)
  }

  #settings(options: TlsServerOptions): TlsOptions {
    const { alpn, sni, pskCallback, pskIdentityHint, requestCert, rejectUnauthorized } = options
    const hooks = this.#hooks
    const chooses = typeof alpn === 'function'
    const ALPNProtocols = chooses ? undefined : alpnOption(this.#where, alpn)
    const names = typeof sni === 'function' ? sni : this.#names
    return {
      ...contextOptions(options),
      handshakeTimeout: NEVER_MS,
      requestCert: requestCert ?? false,
      rejectUnauthorized: rejectUnauthorized ?? true,
      ...(chooses ? { ALPNCallback: hooks.alpn(alpn) } : {}),
      ...(ALPNProtocols === undefined ? {} : { ALPNProtocols }),
      ...(names === null ? {} : { SNICallback: hooks.sni(names) }),
      ...(pskCallback === undefined ? {} : { pskCallback: hooks.psk(pskCallback) }),
      ...(pskIdentityHint === undefined ? {} : { pskIdentityHint }),
    }
  }
}

/** What was passed through the handshake: each side ends on its own again. */
const secured = (duplex: Duplex, secure: TLSSocket): TLSSocket => {
  duplex.allowHalfOpen = true
  secure.allowHalfOpen = true
  // a client that asks for one handshake after the other would cost us dear
  secure.disableRenegotiation()
  // stays for good: an error that comes late must not end the process
  secure.on('error', () => undefined)
  return secure
}

const provesItself = ({ cert, pfx, privateKeyIdentifier, sni, pskCallback }: TlsServerOptions): boolean =>
  [cert, pfx, privateKeyIdentifier, sni, pskCallback].some((one) => one !== undefined)

/** The acceptor behind its interface, or one made of options. */
export const liveAcceptor = (where: string, tls: TlsServerOptions | TlsAcceptor): LiveTlsAcceptor => {
  if (tls instanceof LiveTlsAcceptor) return tls
  if ('setSecureContext' in tls) throw new WrongOption(where, 'tls', tls, 'options, or what tlsAcceptor answers')
  return new LiveTlsAcceptor(where, tls)
}
