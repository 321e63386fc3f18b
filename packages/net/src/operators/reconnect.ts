import type { MonoTypeOperatorFunction, SchedulerLike } from 'rxjs'
import { Observable } from 'rxjs'
import type { Backoff } from '../backoff.ts'
import type { Connection } from '../connection.ts'
import { monotonicScheduler } from '../internal/time/monotonic.ts'
import { Reconnecting } from '../internal/client/reconnecting.ts'
import type { ReconnectEvent } from '../reconnectEvent.ts'

/** Options of {@link reconnect}. */
export interface ReconnectOptions {
  /** Is told what happens, in order. */
  readonly tell?: (event: ReconnectEvent) => void
  /** Whether to come back also when both sides have ended as they should. Default false: then it completes. */
  readonly afterFinished?: boolean
  /** Where time comes from (R22). Default: timers on a monotonic clock. */
  readonly scheduler?: SchedulerLike
}

/**
 * Connects again when a connect has failed or a connection is lost, after a wait. Stands right behind
 * {@link connect}.
 *
 * ```
 *  connect()       ──A────|  connect()  ──#  connect()  ──B────|
 *                         reset          refused              finished
 *  reconnect(…)    ──A──────── wait ────────── wait ──────B────|
 * ```
 *
 * | how it ended | what follows |
 * |---|---|
 * | the connect failed | another attempt, where `retryIf` of the policy agrees |
 * | any cause but the next three | the event `Lost`, then the same |
 * | `Finished` | completes; with `afterFinished`, as above |
 * | `Aborted`, `ShutDown`: this side wanted it | completes |
 *
 * - A connection that was lost and the next one have nothing in common: what was not sent is reported in
 *   `Lost`, and nothing is sent again. `speak` holds a new conversation on each.
 * - Each attempt but the very first waits, and begins on a timer. The waits begin anew only after a connection
 *   that has lasted `resetAfterMs`.
 * - Unsubscribing, at any moment, ends the wait, the attempt, or the connection (R14).
 *
 * Errors: what the last attempt failed with (`ConnectFailed` …), or `ConnectionLost`, where the policy allows
 * no other · whatever `tell` or the policy's functions throw.
 *
 * ```ts
 * import { backoff, connect, reconnect, speak } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { createServer } from 'node:net'
 * import { ignoreElements, merge, of } from 'rxjs'
 *
 * // a server that breaks off when it hears the first client, and says goodbye to the second
 * let calls = 0
 * const server = createServer((socket) => {
 *   const first = ++calls === 1
 *   socket.on('data', () => (first ? socket.resetAndDestroy() : socket.end()))
 * }).listen(7000, '127.0.0.1')
 *
 * connect({ host: '127.0.0.1', port: 7000 })
 *   .pipe(
 *     reconnect(backoff({ initialMs: 50 }), { tell: ({ _tag }) => console.log(_tag) }), // Connecting
 *     // Up
 *     // Lost
 *     // Waiting
 *     // Connecting
 *     // Up
 *     speak(lines(), (in$) => merge(of('hello'), in$.pipe(ignoreElements()))),
 *   )
 *   .subscribe({
 *     next: ({ cause }) => console.log(cause._tag), // Reset
 *     // Finished
 *     complete: () => server.close(),
 *   })
 * ```
 */
export const reconnect =
  (policy: Backoff, options: ReconnectOptions = {}): MonoTypeOperatorFunction<Connection> =>
  (source$) =>
    new Observable((subscriber) => {
      const { tell = () => undefined, afterFinished = false, scheduler = monotonicScheduler } = options
      new Reconnecting(source$, { policy, tell, afterFinished, scheduler }, subscriber).connect()
    })
