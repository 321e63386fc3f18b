import type { Protocol } from '@sluice/protocol'
import type { OperatorFunction } from 'rxjs'
import { mergeMap } from 'rxjs'
import type { Closed, Connection } from './connection.ts'
import type { Handler } from './handler.ts'
import type { Listener } from './listener.ts'
import { conversations } from './internal/conversation/conversations.ts'
import type { SpeakOptions } from './speak.ts'

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
 * Throws `WrongOption` for clocks that cannot be.
 *
 * ```ts
 * import { listen, serve } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { connect } from 'node:net'
 * import { map, take } from 'rxjs'
 *
 * // a server for one conversation: without take(1) it goes on
 * listen({ port: 7000 })
 *   .pipe(
 *     serve(
 *       lines(),
 *       map((line) => line.toUpperCase()),
 *     ),
 *     take(1),
 *   )
 *   .subscribe(({ closed }) => console.log(closed.cause._tag)) // Finished
 *
 * const client = connect(7000).end('hello\n')
 * client.on('data', (bytes) => console.log(bytes.toString().trim())) // HELLO
 * ```
 */
export const serve = <In, Out>(
  protocol: Protocol<In, Out>,
  handler: Handler<In, Out>,
  options: SpeakOptions = {},
): OperatorFunction<Listener, Session> => {
  const hold = conversations('serve()', protocol, handler, options.clocks, session)
  return (listeners$) => listeners$.pipe(mergeMap((listener) => listener.connections$)).pipe(hold)
}

const session = (connection: Connection, closed: Closed): Session => ({ connection, closed })
