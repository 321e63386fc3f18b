import type { Protocol } from '@sluice/protocol'
import type { ObservableInput, OperatorFunction } from 'rxjs'
import { concat, defer, EMPTY, ignoreElements, merge, mergeMap, Observable, of, tap } from 'rxjs'
import type { Connection } from '../connection.ts'
import { ConnectionLost } from '../errors.ts'
import type { SpeakOptions } from '../speakOptions.ts'
import { speak } from '../speak.ts'

/**
 * Asks, ends its side, and emits the answer until the peer ends: how whois, finger, and every protocol without
 * a length talk.
 *
 * ```
 *  connect ──Connection──                              requestUntilClose(lines(), ['example.org'])
 *             ├─▶ example.org FIN
 *  out     ────────line──line──line──|                 complete at the peer's FIN
 * ```
 *
 * The requests are sent as there is room for them; the peer may answer before they are all sent. Reading stops
 * while the sink behind is full.
 *
 * Errors: `ConnectionLost`, where the connection ended with any cause but `Finished`: what was emitted before is
 * then only a part. `reason` says why (`Truncated`, `Reset`, `TimedOut` …) · what the source or the requests
 * fail with. Unsubscribing aborts the connection (R14).
 *
 * ```ts
 * import { connect, requestUntilClose } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { createServer } from 'node:net'
 *
 * // answers when it has heard everything
 * const server = createServer({ allowHalfOpen: true }, (socket) => {
 *   socket.on('data', () => undefined).on('end', () => socket.end('one\ntwo\n'))
 * }).listen(7000, '127.0.0.1')
 *
 * connect({ host: '127.0.0.1', port: 7000 })
 *   .pipe(requestUntilClose(lines(), ['example.org']))
 *   .subscribe({
 *     next: console.log, // one
 *     // two
 *     complete: () => server.close(),
 *   })
 * ```
 */
export const requestUntilClose = <In, Out>(
  protocol: Protocol<In, Out>,
  requests: ObservableInput<Out>,
  options: SpeakOptions<Out> = {},
): OperatorFunction<Connection, In> =>
  mergeMap(
    (connection) =>
      new Observable<In>((subscriber) => {
        const handler = (in$: Observable<In>): Observable<Out> => {
          const heard$ = in$.pipe(
            tap((message) => {
              subscriber.next(message)
            }),
            ignoreElements(),
          )
          const ended$ = defer(() => {
            connection.end()
            return EMPTY
          })
          return merge(heard$, concat(requests, ended$))
        }
        return of(connection)
          .pipe(speak(protocol, handler, options))
          .subscribe(({ cause }) => {
            if (cause._tag === 'Finished') subscriber.complete()
            else subscriber.error(cause._tag === 'HandlerFailed' ? cause.error : new ConnectionLost(cause))
          })
      }),
  )
