import type { Protocol } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import type { Connection } from '../connection.ts'
import { LiveClient } from '../internal/requests/liveClient.ts'
import { clientSettings } from '../internal/requests/settings.ts'
import type { Client } from './clientFace.ts'
import type { ClientOptions } from './clientOptions.ts'
import type { Mode } from './mode.ts'

export type { Client, CloseOptions } from './clientFace.ts'

/**
 * Requests and answers over a connection, or over one after the other.
 *
 * ```
 *  request(a) ─┐                              ┌─▶ Right A
 *  request(b) ─┤  window ── connection ── peer ├─▶ Right B
 *  request(c) ─┘  full: waits, bounded        └─▶ Left RequestTimedOut, RequestLost …
 *                                             └─▶ pushes$
 * ```
 *
 * - It connects when it is first needed, by subscribing to `connections$`: what {@link connect} gives, with or without
 *   `reconnect` behind it. When that has ended, the next request subscribes again.
 * - A request waits until there is a connection and a place in its window, then it is sent, once. When the
 *   connection is lost, those that were sent fail with `RequestLost`, and those that wait go on waiting. Nothing is
 *   sent again, but for what is marked `idempotent`, where there is a `retry`.
 * - Each request is settled once: by its answer, or with its own cause. See `RequestError`.
 * - An answer that comes late is dropped, and never taken for another's.
 * - A full sink behind `request$` or `pushes$` holds the connection, as everywhere.
 *
 * Functions of the mode that throw: `withId` fails that request (`RequestNotEncodable`), those that read answers
 * end the connection (`HandlerFailed`). Throws `WrongOption` for an option that cannot work.
 *
 * ```ts
 * import { client, connect, listen, pipelined, serve } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { map } from 'rxjs'
 *
 * const server = listen({ port: 7000 })
 *   .pipe(
 *     serve(
 *       lines(),
 *       map((line) => line.toUpperCase()),
 *     ),
 *   )
 *   .subscribe()
 *
 * const shouting = client(connect({ port: 7000 }), lines(), pipelined())
 * const answers = await Promise.all([shouting.request('one')(), shouting.request('two')()])
 * console.log(answers) // [ { _tag: 'Right', right: 'ONE' }, { _tag: 'Right', right: 'TWO' } ]
 *
 * await shouting.close()
 * const late = await shouting.request('three')()
 * if (late._tag === 'Left') console.log(late.left._tag, late.left.sent) // ClientClosed false
 * server.unsubscribe()
 * ```
 */
export const client = <Req, Res, Out>(
  connections$: Observable<Connection>,
  protocol: Protocol<Res, Out>,
  mode: Mode<Req, Res, NoInfer<Out>>,
  options: ClientOptions = {},
): Client<Req, Res, Out> => new LiveClient({ connections$, protocol, mode }, clientSettings('client()', options), ONE)

const ONE = { min: 1, max: 1, idleMs: Infinity, health: null }
