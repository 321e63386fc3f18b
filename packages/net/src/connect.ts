import { Observable } from 'rxjs'
import type { Connection } from './connection.ts'
import type { ConnectOptions } from './connectOptions.ts'
import { Attempt } from './internal/client/attempt.ts'
import { connectSettings } from './internal/client/connectSettings.ts'

export type { ConnectOptions } from './connectOptions.ts'

/**
 * Connects. Cold: nothing happens before subscription, and each subscription is a connection of its own.
 *
 * ```
 *  connect  ──────Connection──────────────|   completes when the connection is closed
 *           ──────#                           ConnectFailed, TlsFailed
 * ```
 *
 * Unsubscribing aborts: while connecting nothing is left behind, afterwards the peer sees a reset. So
 * work with the connection inside the pipe ({@link speak}, `mergeMap`), not after `take(1)`.
 *
 * With `tls` the connection is there when the handshake is done, and the peer has proved who it is. The
 * end of a TLS stream is as good as that of a plain one: a bare FIN, which anybody on the way can send, is
 * not told from the peer's own goodbye (close_notify). So only a frame border proves that nothing is missing.
 *
 * Errors: `ConnectFailed` (remote: refused, unreachable, no answer within `connectMs`, a connection to
 * oneself; its `code` says which) · `TlsFailed` (its `why` says which side has refused what). Throws
 * `WrongOption` for a target or an option that cannot work, certificates included.
 *
 * ```ts
 * import { connect } from '@sluice/net'
 *
 * connect({ host: '127.0.0.1', port: 1 }).subscribe({
 *   error: (error) => console.log(error._tag, error.code), // ConnectFailed ECONNREFUSED
 * })
 * ```
 */
export const connect = (options: ConnectOptions): Observable<Connection> => {
  const settings = connectSettings(options)
  return new Observable((subscriber) => {
    const attempt = new Attempt(settings, subscriber)
    subscriber.add(() => {
      attempt.stop()
    })
    attempt.begin()
  })
}
