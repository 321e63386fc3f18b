import { WrongOption } from '@sluice/protocol'
import { LiveBucket } from './internal/operators/liveBucket.ts'
import { monotonicScheduler } from './internal/time/monotonic.ts'
import type { Rate, TokenBucket } from './rate.ts'

/**
 * A limit that several streams share: give the same bucket to the `throttleBytes` or `throttleMessages` of
 * each. It begins full, when it is made. Who waits for tokens gets them in the order of asking.
 *
 * ```
 *  perSecond ──▶ ┌───────┐
 *                │ burst │ ──▶ what passes in any time T: at most burst + perSecond × T
 *                └───────┘
 * ```
 *
 * What costs more than `burst` passes when the bucket is full, and leaves a debt. A timer that comes late costs
 * nothing: what is missed is made up for, by at most one more burst.
 *
 * Throws `WrongOption` for a rate that cannot work.
 *
 * ```ts
 * import { tokenBucket } from '@sluice/net'
 *
 * const bucket = tokenBucket({ perSecond: 0.001, burst: 2 })
 * console.log([bucket.take(), bucket.take(), bucket.take()]) // [ true, true, false ]
 * ```
 */
export const tokenBucket = (rate: Rate): TokenBucket => newBucket('tokenBucket()', rate)

/** As {@link tokenBucket}, for operators. */
export const newBucket = (where: string, { perSecond, burst, scheduler = monotonicScheduler }: Rate): LiveBucket => {
  const positive = (option: string, value: number): number => {
    if (!(value > 0 && value < Infinity)) throw new WrongOption(where, option, value, 'a finite number over 0')
    return value
  }
  positive('perSecond', perSecond)
  return new LiveBucket(perSecond, positive('burst', burst ?? Math.max(1, perSecond / 10)), scheduler)
}
