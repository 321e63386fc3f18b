import type { TlsAcceptor } from './internal/tls/liveTlsAcceptor.ts'
import { LiveTlsAcceptor } from './internal/tls/liveTlsAcceptor.ts'
import type { TlsServerOptions } from './tlsServerOptions.ts'

export type { TlsAcceptor } from './internal/tls/liveTlsAcceptor.ts'

/**
 * Makes the server's side of TLS: for several listeners that share certificates and sessions, and for
 * {@link upgradeTls} on many connections.
 *
 * ```
 *  tlsAcceptor({ cert, key }) ─┬─▶ listen({ tls })   each handshake takes the certificates of its moment
 *                              ├─▶ listen({ tls })
 *                              └─▶ upgradeTls(connection, { role: 'server', acceptor })
 * ```
 *
 * Throws `WrongOption` for options that cannot work, certificates included.
 *
 * ```ts
 * import { connect, listen, serve, speak, tlsAcceptor } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { map, of, take, tap } from 'rxjs'
 *
 * // a key both sides know, so that there need be no files; with certificates: { cert, key }, and { ca }
 * const psk = new Uint8Array(32).fill(7)
 * const known = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const
 * const acceptor = tlsAcceptor({ ...known, pskCallback: (identity) => (identity === 'me' ? psk : null) })
 *
 * listen({ port: 7000, tls: { acceptor } })
 *   .pipe(
 *     serve(
 *       lines(),
 *       map((line) => line.toUpperCase()),
 *     ),
 *     take(1),
 *   )
 *   .subscribe(({ connection }) => console.log(connection.tls?.protocol)) // TLSv1.2
 *
 * connect({ port: 7000, tls: { ...known, pskCallback: () => ({ identity: 'me', psk }) } })
 *   .pipe(
 *     tap((connection) => connection.data$.subscribe((bytes) => console.log(Buffer.from(bytes).toString().trim()))), // HELLO
 *     speak(lines(), () => of('hello')),
 *   )
 *   .subscribe()
 * ```
 */
export const tlsAcceptor = (options: TlsServerOptions): TlsAcceptor => new LiveTlsAcceptor('tlsAcceptor()', options)
