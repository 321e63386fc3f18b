import { Observable } from 'rxjs'
import type { Handler } from '../handler.ts'
import { Quota } from '../internal/operators/quota.ts'
import { Link } from '../internal/operators/link.ts'
import { wholeOption } from '../internal/connection/settings.ts'

/** Options of {@link limitInFlight}. */
export interface LimitInFlightOptions<In, Out> {
  /** Which messages are answered at all. Default: every one. */
  readonly needsAnswer?: (message: In) => boolean
  /** Which messages of the handler answer one, whichever it is. Default: every one. */
  readonly isAnswer?: (message: Out) => boolean
}

/**
 * Bounds how many messages a handler has in hand: while `max` are unanswered, the source is held. Wraps a
 * handler, also one that answers out of order, or from somewhere else.
 *
 * ```
 *  in$        ──a──b─────────c──|
 *  unanswered   1  2  2  2 1 2        limitInFlight(2): c waits in the socket until there is room
 *  out$       ─────────────A───B──
 * ```
 *
 * Exactly: a message counts from when the handler gets it. Each answer takes one off the count, which one does
 * not matter; an answer too many (a greeting, a push) changes nothing. So no order and no ids are asked for.
 * A message that is never answered takes its place for good: name those with `needsAnswer`, and messages that
 * answer nothing with `isAnswer`.
 *
 * `mapAsync` bounds the work of its own function; this bounds a whole handler, whatever it is made of.
 *
 * Errors of the input: `QueueFull` (local: a message over `max` came from where no gate can be held) · what
 * `needsAnswer` throws. Throws `WrongOption` where `max` is no whole number from 1 on.
 *
 * ```ts
 * import { fromDuplex, limitInFlight, speak } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { PassThrough } from 'node:stream'
 * import { delay, map, mergeMap, of, take, tap } from 'rxjs'
 *
 * // without the limit all five would be worked on at once
 * let busy = 0
 * const slowly = mergeMap((line: string) => {
 *   console.log(`${String(++busy)} busy`) // 1 busy
 *   // 2 busy
 *   // 2 busy
 *   // 2 busy
 *   // 2 busy
 *   return of(line).pipe(
 *     delay(10),
 *     tap(() => busy--),
 *   )
 * })
 * const stream = new PassThrough()
 * stream.write('a\nb\nc\nd\ne\n')
 * of(fromDuplex(stream))
 *   .pipe(
 *     speak(
 *       lines(),
 *       limitInFlight<string, string>(2)((in$) => in$.pipe(take(5), slowly)),
 *     ),
 *     map(({ cause }) => cause._tag),
 *   )
 *   .subscribe(console.log) // Finished
 * ```
 */
export const limitInFlight = <In, Out>(
  max: number,
  { needsAnswer = always, isAnswer = always }: LimitInFlightOptions<In, Out> = {},
): ((handler: Handler<In, Out>) => Handler<In, Out>) => {
  wholeOption('limitInFlight()', 'max', max, 0)
  return (handler) => (in$, connection) =>
    new Observable((subscriber) => {
      const quota = new Quota('limitInFlight()', max)
      subscriber.add(quota.release)
      const counted$ = new Observable<In>((inner) => {
        const message = (value: In): void => {
          const error = needsAnswer(value) ? quota.begin() : null
          if (error !== null) inner.error(error)
          else {
            inner.next(value)
            quota.hold()
          }
        }
        in$.subscribe(new Link(inner, message))
      })
      const answer = (value: Out): void => {
        const answers = isAnswer(value)
        // before there is room for another one, the full sink may hold its source
        subscriber.next(value)
        if (answers) quota.end()
      }
      handler(counted$, connection).subscribe(new Link(subscriber, answer))
    })
}

const always = (): boolean => true
