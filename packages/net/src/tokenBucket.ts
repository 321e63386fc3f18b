import { WrongOption } from '@sluice/protocol'
import type { SchedulerLike } from 'rxjs'
import { LiveBucket } from './internal/liveBucket.ts'
import { monotonicScheduler } from './internal/monotonic.ts'

/** How much may pass in what time; see {@link tokenBucket}. */
export interface Rate {
  /** Tokens that come in a second: what passes in the long run. */
  readonly perSecond: number
  /** The most tokens that gather while nothing passes. Default: those of a tenth of a second, at least 1. */
  readonly burst?: number
  /** Where time comes from (R22). Default: timers on a monotonic clock. */
  readonly scheduler?: SchedulerLike
}

/** A bucket of tokens, shared by all who are given it; made by {@link tokenBucket}. */
export interface TokenBucket {
  readonly perSecond: number
  readonly burst: number
  /** How many tokens there are now; below 0 while a debt is paid. */
  readonly tokens: number
  /** Takes so many (default 1), if they are there and nobody waits for some; else takes none. */
  take(cost?: number): boolean
}

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
