import type { Duplex } from 'node:stream'
import type { Connection, ConnectionOptions } from './connection.ts'
import { duplexTransport } from './internal/transport/duplexTransport.ts'
import { LiveConnection } from './internal/connection/liveConnection.ts'
import { connectionSettings } from './internal/connection/settings.ts'

/**
 * Lifts any Node `Duplex` into a {@link Connection}: a socket of one's own, TLS, a pair of pipes, a
 * process's standard input and output.
 *
 * ```
 *  Duplex ──▶ Connection: data$, events$, write, end, abort
 * ```
 *
 * The stream is the connection's from then on: it must not have been read from, and nobody else may
 * read, write or end it. A stream is half-open for as long as it is lifted.
 *
 * Throws `WrongOption` for an option that cannot work.
 *
 * ```ts
 * import { fromDuplex } from '@sluice/net'
 * import { PassThrough } from 'node:stream'
 *
 * const echo = fromDuplex(new PassThrough())
 * echo.data$.subscribe((bytes) => console.log(Buffer.from(bytes).toString())) // hello
 * echo.write(Buffer.from('hello'))
 * echo.end()
 * ```
 */
export const fromDuplex = (duplex: Duplex, options: ConnectionOptions = {}): Connection =>
  new LiveConnection(duplexTransport(duplex), connectionSettings('fromDuplex()', options))
