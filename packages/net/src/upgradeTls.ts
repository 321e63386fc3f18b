import { WrongOption } from '@sluice/protocol'
import { Observable } from 'rxjs'
import type { Connection, TlsFacts } from './connection.ts'
import type { Handshake } from './internal/tls/handshake.ts'
import { live } from './internal/connection/live.ts'
import { liveAcceptor } from './internal/tls/liveTlsAcceptor.ts'
import { timeOption } from './internal/connection/settings.ts'
import { clientHandshake } from './internal/tls/client.ts'
import { Upgrading } from './internal/tls/upgrading.ts'
import type { TlsUpgradeOptions } from './tlsUpgradeOptions.ts'

const WHERE = 'upgradeTls()'

/**
 * Changes a connection that stands to TLS, in place (STARTTLS). Cold: it begins at subscription, and what the
 * handshake has settled comes out.
 *
 * ```
 *  written before  ─ in plain text ─▶│ handshake │─ encrypted ─▶  written meanwhile, and afterwards
 *  received before ─ in plain text ─▶│  nothing  │─ encrypted ─▶  received afterwards
 *                                    └──▶ TlsFacts, complete
 * ```
 *
 * Subscribe where the message that asks for TLS is handled, at once: as in `concat(of('220 go ahead'),
 * upgradeTls(…))`. Whatever else came in that chunk counts as unread, and is refused: somebody on the way may
 * have put it there, in the name of who is trusted afterwards. `decode` behind `data$` keeps bytes of its own
 * that cannot be seen from here; `speak` and `serve` have none.
 *
 * The connection tells `Secured`. Unsubscribing before aborts it. A failure aborts it with the cause
 * `TlsFailed`, and nothing was sent but what was written before.
 *
 * Errors: `TlsFailed` (its `why` says which side has refused what) · `PlaintextBeforeTls` (remote) ·
 * `ConnectionLost` · `NotWritable` (local: this side has ended; the connection goes on as it was). Throws
 * `WrongOption` for options that cannot work, certificates included.
 *
 * ```ts
 * import { fromDuplex, upgradeTls } from '@sluice/net'
 * import { PassThrough } from 'node:stream'
 *
 * // the peer is a PassThrough: what it says to our greeting is no TLS
 * const connection = fromDuplex(new PassThrough())
 * upgradeTls(connection, { role: 'client', servername: 'mail.example.org' }).subscribe({
 *   error: (error) => console.log(error._tag, error.why), // TlsFailed protocol
 * })
 * ```
 */
export const upgradeTls = (connection: Connection, options: TlsUpgradeOptions): Observable<TlsFacts> => {
  const lifted = live(WHERE, connection)
  const { unread = 'refuse', role } = options
  if (unread !== 'refuse' && unread !== 'handOver') {
    throw new WrongOption(WHERE, 'unread', unread, "'refuse' or 'handOver'")
  }
  if (role !== 'client' && role !== 'server') throw new WrongOption(WHERE, 'role', role, "'client' or 'server'")
  const settings = {
    handshake: handshakeOf(options, lifted.transport.upgrade?.host),
    handshakeMs: timeOption(WHERE, 'handshakeMs', options.handshakeMs, 10_000),
    unread,
  }
  return new Observable((subscriber) => {
    const upgrading = new Upgrading(lifted, settings, subscriber)
    subscriber.add(() => {
      upgrading.stop()
    })
    upgrading.begin()
  })
}

const handshakeOf = (options: TlsUpgradeOptions, host: string | undefined): Handshake => {
  if (options.role === 'client') return clientHandshake(WHERE, options, host)
  return liveAcceptor(WHERE, 'acceptor' in options ? options.acceptor : options).handshake
}
