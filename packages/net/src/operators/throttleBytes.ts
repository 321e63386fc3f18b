import type { MonoTypeOperatorFunction } from 'rxjs'
import { Observable } from 'rxjs'
import { Link } from '../internal/operators/link.ts'
import { LiveBucket } from '../internal/operators/liveBucket.ts'
import { wholeOption } from '../internal/connection/settings.ts'
import type { Shape } from '../internal/operators/shaper.ts'
import { Shaper } from '../internal/operators/shaper.ts'
import type { Rate, TokenBucket } from '../rate.ts'
import { newBucket } from '../tokenBucket.ts'

/** Options of {@link throttleBytes}. */
export interface ThrottleBytesOptions {
  /** How many chunks may wait that came from where no gate can be held. Beyond: `QueueFull`. Default 1,024. */
  readonly maxQueued?: number
}

/**
 * Slows bytes down to a rate. Nothing is lost, and the order is kept: while bytes wait their source is held,
 * and in the end TCP slows the sender down.
 *
 * ```
 *  in   ──aaaaaaaa─────────────────bb──|
 *  out  ──aaaa──────aa──────aa─────bb──|      throttleBytes({ perSecond: …, burst: 4 })
 * ```
 *
 * In any time T at most `burst + perSecond × T` bytes pass; a chunk longer than `burst` is cut, without a
 * copy. Given a {@link Rate} each subscription has a limit of its own, which begins with it (R26); given a
 * {@link TokenBucket} all who have that one share it.
 *
 * Errors: `QueueFull` (local: chunks came from where no gate can be held). Throws `WrongOption` for a rate
 * that cannot work.
 *
 * ```ts
 * import { throttleBytes } from '@sluice/net'
 * import { of } from 'rxjs'
 *
 * of(Buffer.from('hello'))
 *   .pipe(throttleBytes({ perSecond: 100, burst: 2 }))
 *   .subscribe((bytes) => console.log(Buffer.from(bytes).toString())) // he
 * //                                                                    ll
 * //                                                                    o
 * ```
 */
export const throttleBytes = (
  rate: Rate | TokenBucket,
  options: ThrottleBytesOptions = {},
): MonoTypeOperatorFunction<Uint8Array> =>
  throttle('throttleBytes()', rate, options.maxQueued, (name, maxQueued, burst) => {
    const most = Math.max(1, Math.floor(burst))
    return {
      name,
      maxQueued,
      cost: (bytes) => bytes.length,
      cut: (bytes) => (bytes.length <= most ? [bytes, undefined] : [bytes.subarray(0, most), bytes.subarray(most)]),
    }
  })

/** What both operators share: a bucket for each subscription, unless one is given. */
export const throttle = <A>(
  where: string,
  rate: Rate | TokenBucket,
  queued: number | undefined,
  shapeOf: (name: string, maxQueued: number, burst: number) => Shape<A>,
): MonoTypeOperatorFunction<A> => {
  const { burst } = rate instanceof LiveBucket ? rate : newBucket(where, rate)
  const shape = shapeOf(where, wholeOption(where, 'maxQueued', queued, 1024), burst)
  return (values$) =>
    new Observable((subscriber) => {
      const shaper = new Shaper(shape, rate instanceof LiveBucket ? rate : newBucket(where, rate), subscriber)
      const value = (one: A): void => {
        shaper.next(one)
      }
      const complete = (): void => {
        shaper.complete()
      }
      values$.subscribe(new Link(subscriber, value, complete))
    })
}
