import type { ObservableInput, OperatorFunction } from 'rxjs'
import type { MapAsyncOptions } from '../internal/operators/inFlight.ts'
import { inFlight } from './mapAsync.ts'

/**
 * As {@link mapAsync}, but each answer is emitted as soon as it is there.
 *
 * ```
 *  in   ──a──b────────c──|
 *  f        a takes long, b is quick
 *  out  ──────B─────A────C──|      mapAsyncUnordered(2, f)
 * ```
 *
 * Errors: whatever `f` throws or fails with, at once · `QueueFull`, as there.
 *
 * ```ts
 * import { mapAsyncUnordered } from '@sluice/net'
 * import { map, of, timer } from 'rxjs'
 *
 * of(20, 1)
 *   .pipe(mapAsyncUnordered(2, (ms) => timer(ms).pipe(map(() => ms))))
 *   .subscribe(console.log) // 1
 * //                           20
 * ```
 */
export const mapAsyncUnordered = <A, B>(
  parallelism: number,
  f: (message: A, index: number) => ObservableInput<B>,
  options: MapAsyncOptions = {},
): OperatorFunction<A, B> => inFlight('mapAsyncUnordered()', false, parallelism, f, options)
