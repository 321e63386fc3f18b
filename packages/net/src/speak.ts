import type { Invalid, Protocol } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import type { OperatorFunction } from 'rxjs'
import type { Closed, Connection } from './connection.ts'
import type { Handler } from './handler.ts'
import type { Given } from './internal/conversation/given.ts'
import { tolerantly } from './internal/conversation/tolerance.ts'
import type { SpeakEitherOptions, SpeakOptions } from './speakOptions.ts'

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
 * - A frame that is whole but no message (`Invalid`, of a codec) is such an error too, unless the option `invalid` says
 *   otherwise: `'skip'`, `{ answer }`, or `'either'`, which gives it to the handler. Errors of the framing stay fatal: behind
 *   them nobody knows where the next frame begins.
 * - Unsubscribing aborts the connections (R14).
 *
 * Throws `WrongOption` for clocks that cannot be, and for an `invalid` other than `'fail'` where the protocol has no
 * codec (see `tolerant`).
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
export function speak<In, Out>(
  protocol: Protocol<In, Out>,
  handler: Handler<Either<Invalid, Given<In>>, Given<Out>>,
  options: SpeakEitherOptions,
): OperatorFunction<Connection, Closed>
export function speak<In, Out>(
  protocol: Protocol<In, Out>,
  handler: Handler<Given<In>, Given<Out>>,
  options?: SpeakOptions<Given<Out>>,
): OperatorFunction<Connection, Closed>
export function speak<In, Out>(
  protocol: Protocol<In, Out>,
  handler: Handler<never, Out>,
  options: SpeakOptions<Out> | SpeakEitherOptions = {},
): OperatorFunction<Connection, Closed> {
  return tolerantly('speak()', protocol, handler, options, (_connection, closed) => closed)
}
