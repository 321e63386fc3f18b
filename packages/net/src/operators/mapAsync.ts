import type { ObservableInput, OperatorFunction } from 'rxjs'
import { Observable } from 'rxjs'
import type { MapAsyncOptions } from '../internal/operators/inFlight.ts'
import { checkParallelism, InFlight } from '../internal/operators/inFlight.ts'
import { Link } from '../internal/operators/link.ts'

/**
 * Passes each message through something that takes time (a promise, an Observable of one value), at most
 * `parallelism` at once, and emits the answers in the order of the messages.
 *
 * ```
 *  in   ──a──b────────c──|
 *  f        a takes long, b is quick
 *  out  ────────────A─B──C──|      mapAsync(2, f)
 * ```
 *
 * A message is in flight until its answer is emitted. While `parallelism` are, the gate of the source is
 * held: nothing is queued and nothing lost. Of an Observable the first value counts; an empty one emits
 * nothing. An answer is emitted in the gate of its message, so a full sink behind it holds that source.
 *
 * Errors: whatever `f` throws or fails with, when its turn comes · `QueueFull` (local: messages came
 * from where no gate can be held). Unsubscribing cancels what is in flight.
 * Throws `WrongOption` where `parallelism` is no whole number from 1 on.
 *
 * ```ts
 * import { mapAsync } from '@sluice/net'
 * import { of } from 'rxjs'
 *
 * of(3, 1, 2)
 *   .pipe(mapAsync(2, async (n) => n * 10))
 *   .subscribe(console.log) // 30
 * //                           10
 * //                           20
 * ```
 */
export const mapAsync = <A, B>(
  parallelism: number,
  f: (message: A, index: number) => ObservableInput<B>,
  options: MapAsyncOptions = {},
): OperatorFunction<A, B> => inFlight('mapAsync()', true, parallelism, f, options)

/** What both operators share: state begins at subscription (R26). */
export const inFlight = <A, B>(
  name: string,
  ordered: boolean,
  parallelism: number,
  f: (message: A, index: number) => ObservableInput<B>,
  options: MapAsyncOptions,
): OperatorFunction<A, B> => {
  checkParallelism(name, parallelism, options)
  return (messages$) =>
    new Observable((subscriber) => {
      const slots = new InFlight(name, ordered, parallelism, f, options, subscriber)
      const message = (value: A): void => {
        slots.next(value)
      }
      const complete = (): void => {
        slots.complete()
      }
      messages$.subscribe(new Link(subscriber, message, complete))
      subscriber.add(() => {
        slots.stop()
      })
    })
}
