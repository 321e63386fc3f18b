import { WrongOption } from '@sluice/protocol'
import type { MonoTypeOperatorFunction } from 'rxjs'
import { Observable } from 'rxjs'
import type { Connection } from '../connection.ts'
import { ConnectionLost } from '../errors.ts'
import { Link } from '../internal/operators/link.ts'

/** Options of {@link takeUntilClosed}. */
export interface TakeUntilClosedOptions {
  /**
   * What a connection means for the stream that was closed with any cause but `Finished`: `complete` (default), or
   * `error`, that is `ConnectionLost`.
   */
  readonly whenLost?: 'complete' | 'error'
}

/**
 * Ends a stream with a connection: a timer, a feed, a subject that many share.
 *
 * ```
 *  ticks       ──1──2──3──4──5──
 *  connection  ───────────Closed
 *  out         ──1──2──3──|          takeUntilClosed(connection)
 * ```
 *
 * A stream in a handler needs none of this: it is unsubscribed with its conversation.
 *
 * Errors: `ConnectionLost`, where `whenLost` is `error`. Throws `WrongOption` for an option that cannot work.
 *
 * ```ts
 * import { fromDuplex, takeUntilClosed } from '@sluice/net'
 * import { PassThrough } from 'node:stream'
 * import { interval, take } from 'rxjs'
 *
 * const connection = fromDuplex(new PassThrough())
 * interval(10).pipe(take(2)).subscribe({ complete: () => connection.abort() })
 * interval(1)
 *   .pipe(takeUntilClosed(connection))
 *   .subscribe({ complete: () => console.log('no more ticks') }) // no more ticks
 * ```
 */
export const takeUntilClosed = <A>(
  connection: Connection,
  options: TakeUntilClosedOptions = {},
): MonoTypeOperatorFunction<A> => {
  const { whenLost = 'complete' } = options
  if (whenLost !== 'complete' && whenLost !== 'error') {
    throw new WrongOption('takeUntilClosed()', 'whenLost', whenLost, `'complete' or 'error'`)
  }
  return (values$) =>
    new Observable((subscriber) => {
      subscriber.add(
        connection.events$.subscribe((event) => {
          if (event._tag !== 'Closed') return
          if (whenLost === 'error' && event.cause._tag !== 'Finished') subscriber.error(new ConnectionLost(event.cause))
          else subscriber.complete()
        }),
      )
      const value = (one: A): void => {
        subscriber.next(one)
      }
      if (!subscriber.closed) values$.subscribe(new Link(subscriber, value))
    })
}
