import type { EncodeError } from '@sluice/protocol'
import { byteQueue } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { MonoTypeOperatorFunction } from 'rxjs'
import { tap, throwError } from 'rxjs'
import type { Connection } from './connection.ts'
import type { ProxyAnnouncement } from './proxyAnnouncement.ts'
import type { ProxyProtocolOptions } from './proxyProtocol.ts'
import { proxyProtocol } from './proxyProtocol.ts'

/**
 * A PROXY header as bytes, for whoever passes somebody else's connection on.
 *
 * Errors: `NotEncodable` (what no reader would read back) · `TooLong`, both local; see {@link proxyProtocol}.
 *
 * ```ts
 * import { proxyHeader } from '@sluice/net'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const header = proxyHeader({
 *   version: 1,
 *   source: { family: 'IPv4', address: '192.0.2.1', port: 56324 },
 *   destination: { family: 'IPv4', address: '198.51.100.1', port: 443 },
 * })
 * if (E.isRight(header)) console.log(Buffer.from(header.right).toString().trim()) // PROXY TCP4 192.0.2.1 198.51.100.1 56324 443
 * ```
 */
export const proxyHeader = (
  announcement: ProxyAnnouncement,
  options: ProxyProtocolOptions = {},
): E.Either<EncodeError, Uint8Array> => {
  const out = byteQueue()
  const written = proxyProtocol(options).encode(announcement, out)
  return E.isLeft(written) ? written : E.right(out.take())
}

/**
 * Writes a PROXY header first of all on each connection of the source. It leaves together with what is written
 * right behind it.
 *
 * ```
 *  connect ──▶ sendProxyHeader({ source, destination }) ──▶ speak …
 *              PROXY TCP4 192.0.2.1 198.51.100.1 … CR LF │ what is spoken
 * ```
 *
 * With the `tls` of `connect` the header stands inside TLS; most proxies and servers mean it before.
 *
 * Errors: `NotEncodable` · `TooLong`, both local, before the source is subscribed: nobody is connected to with a
 * header that cannot be written.
 *
 * ```ts
 * import { fromDuplex, sendProxyHeader } from '@sluice/net'
 * import { PassThrough } from 'node:stream'
 * import { of } from 'rxjs'
 *
 * // the peer is a PassThrough: it gives back what it is sent
 * of(fromDuplex(new PassThrough()))
 *   .pipe(sendProxyHeader({ version: 1 }))
 *   .subscribe((echo) => {
 *     echo.data$.subscribe((bytes) => console.log(Buffer.from(bytes).toString().trim())) // PROXY UNKNOWN
 *     echo.end()
 *   })
 * ```
 */
export const sendProxyHeader = (announcement: ProxyAnnouncement): MonoTypeOperatorFunction<Connection> => {
  const header = proxyHeader(announcement)
  return (connections$) =>
    E.isLeft(header)
      ? throwError(() => header.left)
      : connections$.pipe(
          tap((connection) => {
            // on a connection that is over already there is nobody to tell
            connection.write(header.right)
          }),
        )
}
