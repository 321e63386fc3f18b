import type { OperatorFunction } from 'rxjs'
import { isObservable, mergeMap, Observable, throwError } from 'rxjs'
import type { ConnectOptions } from '../connect.ts'
import { connect } from '../connect.ts'
import type { Closed, Connection } from '../connection.ts'
import { live } from '../internal/connection/live.ts'
import { Relay } from '../internal/operators/relay.ts'

/** Where a client is to be connected to: always the same, or chosen for each; or whatever makes a connection. */
export type ProxyTarget = ConnectOptions | ((client: Connection) => ConnectOptions | Observable<Connection>)

/** How it went with one client of a proxy. */
export interface ProxyReport {
  readonly connection: Connection
  readonly client: Closed
  /**
   * `bytesRead` of one side are the bytes that were on their way to the other, `bytesWritten` of that those
   * that left. A cause `ConnectFailed` or `TlsFailed`: there never was a connection; the client was aborted
   * with that error as the reason.
   */
  readonly upstream: Closed
}

/**
 * Connects each client of the source to somewhere else, and carries bytes both ways.
 *
 * ```
 *  client ──bytes──▶ upstream      a full writer holds the other side's gate
 *         ──FIN────▶               after all that came before it was flushed; the other way goes on
 *         ──reset──▶ reset
 * ```
 *
 * | what happens to one side | what becomes of the other |
 * |---|---|
 * | its peer ends | our side of the other ends, after a flush |
 * | its peer does not read | the other is not read: no more than the writer's bound is kept |
 * | it breaks, or a clock ends it | it is aborted; the reason is that `ConnectionLost` |
 * | it breaks after its peer has ended | all was said: it is closed gently, within `lingerMs` |
 *
 * A client is not read before its upstream is there. Emits a {@link ProxyReport} when both sides are over,
 * whatever the causes; one pair never harms another, also where a function given as target throws (the
 * cause of the upstream is then `HandlerFailed`). Fails only where the source fails. Unsubscribing aborts
 * all (R14). Clocks and bounds are those of the client's connection and of the `ConnectOptions`.
 *
 * Throws `WrongOption` for a target that cannot work.
 *
 * ```ts
 * import { connect, listen, proxyTo, requestUntilClose, serve } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { map, mergeMap, take, tap } from 'rxjs'
 *
 * const server = listen({ port: 7001 })
 *   .pipe(
 *     serve(
 *       lines(),
 *       map((line) => line.toUpperCase()),
 *     ),
 *   )
 *   .subscribe()
 *
 * // a proxy for one client
 * listen({ port: 7000 })
 *   .pipe(
 *     mergeMap(({ connections$ }) => connections$),
 *     proxyTo({ port: 7001 }),
 *     take(1),
 *     tap(() => server.unsubscribe()),
 *   )
 *   .subscribe(({ client, upstream }) => {
 *     console.log(client.cause._tag, client.figures.bytesRead, upstream.cause._tag) // Finished 6 Finished
 *   })
 *
 * connect({ port: 7000 })
 *   .pipe(requestUntilClose(lines(), ['hello']))
 *   .subscribe(console.log) // HELLO
 * ```
 */
export const proxyTo = (target: ProxyTarget): OperatorFunction<Connection, ProxyReport> => {
  const upstreamOf = typeof target === 'function' ? chosen(target) : always(connect(target))
  return mergeMap(
    (connection) =>
      new Observable<ProxyReport>((subscriber) => {
        const relay = new Relay(live('proxyTo()', connection), (client, upstream) => {
          subscriber.next({ connection, client, upstream })
          subscriber.complete()
        })
        subscriber.add(() => {
          relay.stop()
        })
        relay.begin(upstreamOf(connection))
      }),
  )
}

type UpstreamOf = (client: Connection) => Observable<Connection>

const always =
  (upstream$: Observable<Connection>): UpstreamOf =>
  () =>
    upstream$

const chosen =
  (choose: (client: Connection) => ConnectOptions | Observable<Connection>): UpstreamOf =>
  (client) => {
    try {
      const choice = choose(client)
      return isObservable(choice) ? choice : connect(choice)
    } catch (error) {
      return throwError(() => error)
    }
  }
