import type { SecureContext, Server, TlsOptions } from 'node:tls'
import type { TlsContextOptions } from '../../tlsContextOptions.ts'
import type { TlsOffer, TlsServerOptions, TlsSniCallback } from '../../tlsServerOptions.ts'
import { ask } from './ask.ts'
import { secureContext } from './secureContext.ts'
import type { Thrown } from './failure.ts'
import { callbackFailed } from './failure.ts'
import type { TlsNames } from './names.ts'
import { checkedPsk } from './psk.ts'

/**
 * The functions of the user's that a handshake asks. Node calls them from inside OpenSSL, where nothing
 * may be thrown: what they throw is kept by socket, and that handshake fails of it.
 */
export class TlsServerHooks {
  readonly #where: string
  readonly #thrown = new WeakMap<object, Thrown>()
  readonly #contexts = new WeakMap<object, SecureContext>()

  constructor(where: string) {
    this.#where = where
  }

  /** What a function has thrown in the handshake of this socket. */
  thrown(secure: object): Thrown | undefined {
    return this.#thrown.get(secure)
  }

  alpn(choose: (offer: TlsOffer) => string | undefined): NonNullable<TlsOptions['ALPNCallback']> {
    const call = this.#call.bind(this)
    // Node calls it as a method of the socket
    return function (this: unknown, offer) {
      return call('alpn', this, () => {
        const chosen = choose(offer)
        if (chosen === undefined || offer.protocols.includes(chosen)) return chosen
        throw new Error(`the client does not speak ${JSON.stringify(chosen)}`)
      })
    }
  }

  psk(find: (identity: string) => Uint8Array | null): NonNullable<TlsOptions['pskCallback']> {
    return (secure, identity) => {
      const key = this.#call('pskCallback', secure, () => {
        const psk = find(identity)
        return psk === null ? undefined : checkedPsk({ identity, psk }).psk
      })
      return key ?? null
    }
  }

  sni(names: TlsNames | TlsSniCallback): NonNullable<TlsOptions['SNICallback']> {
    return (servername, answer) => {
      const failed = (error: unknown): void => {
        answer(callbackFailed({ option: 'sni', error }))
      }
      ask(
        () => (typeof names === 'function' ? names(servername) : names.get(servername)),
        (found) => {
          ask(() => found && this.#contextOf(found), (context) => answer(null, context), failed) // prettier-ignore
        },
        failed,
      )
    }
  }

  /** What in Node are events. A store, or an OCSP answer, that fails costs only what it is there for. */
  listen(server: Server, { sessions, ocsp, onKeylog }: TlsServerOptions): void {
    if (onKeylog !== undefined) {
      server.on('keylog', (line, secure) => {
        this.#call('onKeylog', secure, () => {
          onKeylog(line)
        })
      })
    }
    if (sessions !== undefined) {
      server.on('newSession', (id, session, done) => {
        ask(() => sessions.put(id, session), done, done)
      })
      server.on('resumeSession', (id, done) => {
        const answer = (session: unknown): void => {
          done(null, Buffer.isBuffer(session) ? session : null)
        }
        ask(() => sessions.get(id), answer, answer)
      })
    }
    if (ocsp !== undefined) {
      server.on('OCSPRequest', (certificate, issuer, done) => {
        const answer = (response: unknown): void => {
          done(null, Buffer.isBuffer(response) ? response : null)
        }
        ask(() => ocsp(certificate, issuer), answer, answer)
      })
    }
  }

  #contextOf(found: TlsContextOptions | SecureContext): SecureContext {
    if ('context' in found) return found
    const made = this.#contexts.get(found) ?? secureContext(this.#where, found)
    this.#contexts.set(found, made)
    return made
  }

  #call<A>(option: string, secure: unknown, f: () => A): A | undefined {
    try {
      return f()
    } catch (error) {
      if (typeof secure === 'object' && secure !== null) this.#thrown.set(secure, { option, error })
      return undefined
    }
  }
}
