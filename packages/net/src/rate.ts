import type { SchedulerLike } from 'rxjs'

/** How much may pass in what time; see `tokenBucket`. */
export interface Rate {
  /** Tokens that come in a second: what passes in the long run. */
  readonly perSecond: number
  /** The most tokens that gather while nothing passes. Default: those of a tenth of a second, at least 1. */
  readonly burst?: number
  /** Where time comes from (R22). Default: timers on a monotonic clock. */
  readonly scheduler?: SchedulerLike
}

/** A bucket of tokens, shared by all who are given it; made by `tokenBucket`. */
export interface TokenBucket {
  readonly perSecond: number
  readonly burst: number
  /** How many tokens there are now; below 0 while a debt is paid. */
  readonly tokens: number
  /** Takes so many (default 1), if they are there and nobody waits for some; else takes none. */
  take(cost?: number): boolean
}
