import type { Protocol } from '@sluice/protocol'
import { WrongOption } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import type { Connection } from '../connection.ts'
import { timeOption, wholeOption } from '../internal/options.ts'
import { LiveClient } from '../internal/requests/liveClient.ts'
import { clientSettings, countOption } from '../internal/requests/settings.ts'
import type { Client } from './clientFace.ts'
import type { ClientOptions } from './clientOptions.ts'
import type { HealthCheck } from './healthCheck.ts'
import type { Mode } from './mode.ts'

export type { HealthCheck } from './healthCheck.ts'

/** Options of {@link pool}. `window`: how many requests may be in flight on each connection. */
export interface PoolOptions<Req, Res> extends ClientOptions {
  /** So many connections are opened with the first request, and kept though nobody uses them. Default 0. */
  readonly min?: number
  /** The most connections, those on their way included. Default 10. */
  readonly max?: number
  /** How long a connection over `min` is kept though nobody uses it. Default 60,000. */
  readonly idleMs?: number
  /** Default: none. A connection that does not pass is aborted, for the reason `Unhealthy`. */
  readonly healthCheck?: HealthCheck<Req, Res>
}

/**
 * A `Client` over several connections.
 *
 * ```
 *  request ──▶ waiting ──▶ the open connection with the fewest in flight     while one has room in its window
 *                 └──────▶ one more connection                               while there are fewer than max
 * ```
 *
 * Each subscription to `connections$` is one connection, or one after the other behind `reconnect`. A request goes to
 * the open connection that has the fewest in flight; where none has room in its window, one more is opened, up to `max`.
 * `maxWaiting` counts for all together.
 *
 * Where no connection can be made and none is open, those that wait fail with `RequestLost`; the next request tries
 * anew. All else is as with `client`.
 *
 * Throws `WrongOption` for an option that cannot work.
 *
 * ```ts
 * import { answer, connect, listen, pipelined, pool, serve } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { setTimeout as sleep } from 'node:timers/promises'
 *
 * const server = listen({ port: 7000 })
 *   .pipe(
 *     serve(
 *       lines(),
 *       answer((line) => sleep(50, line.toUpperCase())),
 *     ),
 *   )
 *   .subscribe()
 *
 * // one request at a time on each connection
 * const shouting = pool(connect({ port: 7000 }), lines(), pipelined(), { max: 3, window: 1 })
 * const five = ['a', 'b', 'c', 'd', 'e'].map((text) => shouting.request(text)())
 * const answers = await Promise.all(five)
 * console.log(answers.map((answer) => answer._tag).join(' ')) // Right Right Right Right Right
 * console.log(shouting.connections) // 3
 * await shouting.close()
 * server.unsubscribe()
 * ```
 */
export const pool = <Req, Res, Out>(
  connections$: Observable<Connection>,
  protocol: Protocol<Res, Out>,
  mode: Mode<Req, Res, NoInfer<Out>>,
  options: PoolOptions<NoInfer<Req>, NoInfer<Res>> = {},
): Client<Req, Res, Out> => {
  const max = wholeOption('pool()', 'max', options.max, 10)
  const min = countOption('pool()', 'min', options.min, 0)
  if (min > max) throw new WrongOption('pool()', 'min', min, 'a whole number up to max')
  const idleMs = timeOption('pool()', 'idleMs', options.idleMs, 60_000)
  const { healthCheck } = options
  const health =
    healthCheck === undefined
      ? null
      : {
          request: healthCheck.request,
          isHealthy: healthCheck.isHealthy ?? always,
          everyMs: timeOption('pool()', 'healthCheck.everyMs', healthCheck.everyMs, 30_000),
          timeoutMs: timeOption('pool()', 'healthCheck.timeoutMs', healthCheck.timeoutMs, 5_000),
        }
  const size = { min, max, idleMs, health }
  return new LiveClient({ connections$, protocol, mode }, clientSettings('pool()', options), size)
}

const always = (): boolean => true
