import type { Protocol } from '@sluice/protocol'
import type { OperatorFunction } from 'rxjs'
import { map, mergeMap } from 'rxjs'
import type { Closed, Connection } from './connection.ts'
import type { Handler } from './handler.ts'
import type { Listener } from './listener.ts'
import { conversation } from './speak.ts'

/** A conversation a server has had. */
export interface Session {
  readonly connection: Connection
  readonly closed: Closed
}

/**
 * Holds a conversation with everybody who connects, each isolated from the others.
 *
 * ```
 *  listen ──▶ Listener ──▶ serve(lines(), handler) ──▶ Session when a conversation is over
 * ```
 *
 * Emits one `Session` a connection, when it is over, whatever its cause; never fails because of one. A
 * handler that throws or fails, a peer that breaks the protocol or resets: that connection is aborted,
 * and the server and every other go on (R12). Fails only where the source fails (`ListenFailed`).
 *
 * ```ts
 * import { listen, serve } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { map, tap } from 'rxjs'
 *
 * const server = listen({ port: 0 })
 *   .pipe(
 *     tap((listener) => console.log(listener.address.family)), // IPv4
 *     serve(lines(), map((line) => line.toUpperCase())),
 *   )
 *   .subscribe()
 * setTimeout(() => server.unsubscribe(), 100)
 * ```
 */
export const serve =
  <In, Out>(protocol: Protocol<In, Out>, handler: Handler<In, Out>): OperatorFunction<Listener, Session> =>
  (listeners$) =>
    listeners$.pipe(
      mergeMap((listener) => listener.connections$),
      mergeMap((connection) =>
        conversation(connection, protocol, handler).pipe(map((closed) => ({ connection, closed }))),
      ),
    )
