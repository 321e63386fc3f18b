import type { Invalid, Protocol } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import type { OperatorFunction } from 'rxjs'
import { mergeMap } from 'rxjs'
import type { Closed, Connection } from './connection.ts'
import type { Handler } from './handler.ts'
import type { Listener } from './listener.ts'
import type { Given } from './internal/conversation/given.ts'
import { tolerantly } from './internal/conversation/tolerance.ts'
import type { SpeakEitherOptions, SpeakOptions } from './speakOptions.ts'

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
 * A frame that is whole but no message ends the conversation too, unless the option `invalid` says otherwise, as in
 * `speak`; the listener tells of those skipped and answered as well (`Invalid`).
 * Throws `WrongOption` for clocks that cannot be, and for an `invalid` other than `'fail'` where the protocol has no codec.
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
export function serve<In, Out>(
  protocol: Protocol<In, Out>,
  handler: Handler<Either<Invalid, Given<In>>, Given<Out>>,
  options: SpeakEitherOptions,
): OperatorFunction<Listener, Session>
export function serve<In, Out>(
  protocol: Protocol<In, Out>,
  handler: Handler<Given<In>, Given<Out>>,
  options?: SpeakOptions<Given<Out>>,
): OperatorFunction<Listener, Session>
export function serve<In, Out>(
  protocol: Protocol<In, Out>,
  handler: Handler<never, Out>,
  options: SpeakOptions<Out> | SpeakEitherOptions = {},
): OperatorFunction<Listener, Session> {
  const hold = tolerantly('serve()', protocol, handler, options, session)
  return (listeners$) => listeners$.pipe(mergeMap((listener) => listener.connections$)).pipe(hold)
}

const session = (connection: Connection, closed: Closed): Session => ({ connection, closed })
