import type { Observable } from 'rxjs'
import { iteratorPuller } from '../internal/bridges/iteratorPuller.ts'
import { pulled } from '../internal/bridges/pull.ts'

/**
 * What an iterable or an async iterable yields, on demand: the next item is asked for when the one before is
 * taken and no sink behind is full. Loses nothing, and makes nothing ahead of time; `from` of RxJS asks for
 * item after item, whoever is full.
 *
 * ```
 *  next ──a──▶ map ──▶ writeTo(connection)      full: `next` is not called
 * ```
 *
 * Begins anew at each subscription. Unsubscribing before the end calls `return` of the iterator. However fast
 * the items come, the event loop gets its turns.
 *
 * Errors: whatever the iterator throws, as it is.
 *
 * ```ts
 * import { fromIterable, mapAsync } from '@sluice/net'
 * import { setTimeout as sleep } from 'node:timers/promises'
 * import { take } from 'rxjs'
 *
 * let made = 0
 * const numbers = function* () {
 *   for (;;) yield ++made
 * }
 * fromIterable(numbers())
 *   .pipe(
 *     mapAsync(2, (n) => sleep(1, n)),
 *     take(3),
 *   )
 *   .subscribe({ complete: () => console.log(made) }) // 4
 * ```
 */
export const fromIterable = <A>(items: Iterable<A> | AsyncIterable<A>): Observable<A> =>
  pulled(() => iteratorPuller(items))
