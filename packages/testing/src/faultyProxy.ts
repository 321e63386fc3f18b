import { WrongOption } from '@sluice/protocol'
import type { ConnectOptions, ListenOptions } from '@sluice/net'
import { connect, listen } from '@sluice/net'
import type { SchedulerLike } from 'rxjs'
import { Observable } from 'rxjs'
import type { FaultyProxy } from './faultyProxyHandle.ts'
import { LiveFaultyProxy } from './internal/faults/liveFaultyProxy.ts'
import { toxicSettings } from './internal/faults/toxicSettings.ts'
import type { Toxics } from './toxics.ts'

/** Options of {@link faultyProxy}. */
export interface FaultyProxyOptions {
  /** What befalls bytes from the client to the target. Default nothing. */
  readonly upstream?: Toxics
  /** What befalls bytes from the target to the client. Default nothing. */
  readonly downstream?: Toxics
  /** What chance begins with: the same seed, the same draws. Default: another one each time; see `seed` of the proxy. */
  readonly seed?: number
  /**
   * The most bytes that wait in one direction of one connection, beside the chunk in hand; then its sender is not read
   * any more. Late bytes wait: so no more than this per `latencyMs` pass. Default 1,048,576.
   */
  readonly maxHeldBytes?: number
  /** Where it listens, with TLS or on a Unix socket if you like. Default a free port of 127.0.0.1. */
  readonly listen?: ListenOptions
  /** Where all time comes from (R22). Default: timers on a monotonic clock. */
  readonly scheduler?: SchedulerLike
}

/**
 * A proxy between a client and a target that does to their bytes what bad networks do: on real sockets, with real FINs
 * and real resets. Cold: it listens on subscription.
 *
 * ```
 *  client ──▶ proxy ──upstream toxics──▶ target       latency, jitter, bandwidth, slices, limits,
 *         ◀─────────downstream toxics───              silence, resets, late FINs
 * ```
 *
 * It emits itself once, and never completes. Unsubscribing closes it, resets both sides of every connection and
 * releases all there is (R14). What passes without toxics passes as it is: each FIN by itself, a reset as a reset. A
 * reset does not wait for bytes that are late, it takes them along; one that a limit asked for comes behind them.
 *
 * Its memory is bounded: a sender is read no further than `maxHeldBytes` (R3), and a receiver that does not read is
 * not written to (R7). None of the proxy's own clocks ends anything that hangs.
 *
 * Each direction of each connection draws from a generator of its own, so that a seed says what befalls the third
 * connection however the others went. It draws a fixed number of times a chunk and a slice; how the kernel cuts a
 * stream into chunks is not the seed's.
 *
 * Errors: `ListenFailed` (local). Where the target cannot be reached the client is reset, which is the event
 * `Unreachable`. Throws `WrongOption` for what cannot be: a target, a toxic, a seed that is no whole number.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { connect, listen, requestUntilClose, serve } from '@sluice/net'
 * import { faultyProxy } from '@sluice/testing'
 * import { identity, mergeMap, tap } from 'rxjs'
 *
 * const echo = listen({ port: 7001 })
 *   .pipe(serve(lines(), identity))
 *   .subscribe()
 *
 * // of the answer 7 bytes pass, and then the connection breaks
 * const proxy$ = faultyProxy({ port: 7001 }, { downstream: { limit: { bytes: 7, then: 'reset' } } })
 *
 * const running = proxy$
 *   .pipe(
 *     tap(({ events$ }) => events$.subscribe((e) => e._tag === 'Acted' && console.log(e.action, e.why))), // reset limit
 *     mergeMap(({ port }) => connect({ port }).pipe(requestUntilClose(lines(), ['hello', 'world']))),
 *   )
 *   .subscribe({
 *     next: console.log, // hello
 *     error: (error: Error) => {
 *       console.log(error.name) // ConnectionLost
 *       running.unsubscribe()
 *       echo.unsubscribe()
 *     },
 *   })
 * ```
 */
export const faultyProxy = (target: ConnectOptions, options: FaultyProxyOptions = {}): Observable<FaultyProxy> => {
  const { upstream = {}, downstream = {}, seed, maxHeldBytes = 1024 * 1024 } = options
  const where = 'faultyProxy()'
  for (const toxics of [upstream, downstream]) toxicSettings(where, toxics)
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw new WrongOption(where, 'seed', seed, 'a whole number')
  if (!Number.isSafeInteger(maxHeldBytes) || maxHeldBytes < 1) {
    throw new WrongOption(where, 'maxHeldBytes', maxHeldBytes, 'a whole number from 1 on')
  }
  const place: ListenOptions = options.listen ?? { port: 0, host: '127.0.0.1' }
  // both look at what they are given when they are called, and do nothing before they are subscribed to
  connect(target)
  listen(place)
  return new Observable((subscriber) => {
    const proxy = new LiveFaultyProxy({
      target,
      place,
      toxics: { upstream, downstream },
      seed: seed ?? Math.floor(Math.random() * 2 ** 31),
      maxHeldBytes,
      scheduler: options.scheduler,
    })
    proxy.bringUp().then(
      () => {
        subscriber.next(proxy)
      },
      (error: unknown) => {
        subscriber.error(error)
      },
    )
    return () => {
      proxy.close()
    }
  })
}
