import type { MonoTypeOperatorFunction } from 'rxjs'
import { map } from 'rxjs'
import type { Clocks } from '../clocks.ts'
import type { Connection } from '../connection.ts'
import { ClockChange } from '../internal/time/clockSettings.ts'
import { live } from '../internal/connection/live.ts'

/**
 * Gives clocks to every connection that passes; the connections pass as they are.
 *
 * ```
 *  in   ──c1────c2────|      whatever made them: connect, listener.connections$, fromDuplex
 *  out  ──c1────c2────|      each with these clocks from now on
 * ```
 *
 * The options, their units and defaults are those of {@link Clocks}. What is not named stays as it was.
 * Throws `WrongOption` for a clock that cannot be.
 *
 * ```ts
 * import { clocks, fromDuplex } from '@sluice/net'
 * import { PassThrough } from 'node:stream'
 * import { filter, mergeMap, of, take } from 'rxjs'
 *
 * // as a socket's setTimeout: it tells that nothing came, again and again, and ends nothing
 * const connection = fromDuplex(new PassThrough())
 * connection.data$.subscribe()
 * of(connection)
 *   .pipe(
 *     clocks({ silenceMs: 20, onExpiry: { silence: 'event' } }),
 *     mergeMap(({ events$ }) => events$),
 *     filter(({ _tag }) => _tag === 'Idle'),
 *     take(2),
 *   )
 *   .subscribe({
 *     next: (event) => console.log(event), // { _tag: 'Idle', clock: 'silence', afterMs: 20 }
 *     // { _tag: 'Idle', clock: 'silence', afterMs: 20 }
 *     complete: () => connection.close(),
 *   })
 * ```
 */
export const clocks = (options: Clocks): MonoTypeOperatorFunction<Connection> => {
  const change = new ClockChange('clocks()', options)
  return map((connection) => {
    live('clocks()', connection).watch.change(change)
    return connection
  })
}
