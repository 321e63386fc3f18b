import type { Protocol } from '@sluice/protocol'
import type { OperatorFunction } from 'rxjs'
import type { Clocks } from './clocks.ts'
import type { Closed, Connection } from './connection.ts'
import type { Handler } from './handler.ts'
import { conversations } from './internal/conversation/conversations.ts'

/** Options of {@link speak} and `serve`. */
export interface SpeakOptions {
  /** Clocks for the conversation. Default: those of the connection. */
  readonly clocks?: Clocks
}

/**
 * Holds a conversation on each connection of the source: bytes become messages for the handler, what
 * the handler answers becomes bytes.
 *
 * ```
 *  connect ──▶ Connection ──▶ speak(lines(), handler) ──▶ Closed
 *                  │ bytes ─ decoder ─▶ in$ ┐
 *                  │ bytes ◀─ encode ── out$ ◀ handler
 * ```
 *
 * Emits the `Closed` event of each connection, whatever its cause: how a conversation ended is a value
 * here, not an error. Fails only where the source fails (`ConnectFailed`).
 *
 * - The completion of the output ends our side (R9); the peer's FIN completes the input (R2).
 * - A protocol error comes out of the input as `TooLong`, `Malformed`, or `Truncated`; where the handler
 *   lets it pass, the connection is aborted with that cause (R12), only after `Truncated` what was
 *   answered before is still flushed.
 * - Unsubscribing aborts the connections (R14).
 *
 * Throws `WrongOption` for clocks that cannot be.
 *
 * ```ts
 * import { fromDuplex, speak } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { PassThrough } from 'node:stream'
 * import { ignoreElements, merge, of, take, tap } from 'rxjs'
 *
 * // the peer is a PassThrough: it gives back what it is sent
 * of(fromDuplex(new PassThrough()))
 *   .pipe(
 *     speak(lines(), (in$) => {
 *       const heard$ = in$.pipe(take(1), tap(console.log), ignoreElements()) // hello
 *       return merge(of('hello'), heard$)
 *     }),
 *   )
 *   .subscribe((closed) => console.log(closed.cause._tag)) // Finished
 * ```
 */
export const speak = <In, Out>(
  protocol: Protocol<In, Out>,
  handler: Handler<In, Out>,
  options: SpeakOptions = {},
): OperatorFunction<Connection, Closed> =>
  conversations('speak()', protocol, handler, options.clocks, (_connection, closed) => closed)
