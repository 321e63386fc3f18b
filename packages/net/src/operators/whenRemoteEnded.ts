import type { Observable } from 'rxjs'
import { filter, map, take } from 'rxjs'
import type { Connection } from '../connection.ts'

/**
 * Emits once when the peer has ended its side, and everything before that is taken; at once, if it has. For
 * who only sends: the end of the peer is then all there is to hear from it.
 *
 * ```
 *  connection  ──RemoteEnded──────Closed
 *  out         ──void|
 * ```
 *
 * Completes without a value where the connection is closed without that end. The end is seen only where
 * somebody reads, or our side has ended: a paused socket tells nothing.
 *
 * ```ts
 * import { fromDuplex, whenRemoteEnded } from '@sluice/net'
 * import { PassThrough } from 'node:stream'
 *
 * // the peer is a PassThrough: it ends when we do
 * const connection = fromDuplex(new PassThrough())
 * whenRemoteEnded(connection).subscribe(() => console.log('the peer has ended')) // the peer has ended
 * connection.end()
 * ```
 */
export const whenRemoteEnded = (connection: Connection): Observable<void> =>
  connection.events$.pipe(
    filter(({ _tag }) => _tag === 'RemoteEnded'),
    map(() => undefined),
    take(1),
  )
