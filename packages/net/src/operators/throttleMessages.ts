import { WrongOption } from '@sluice/protocol'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Rate, TokenBucket } from '../rate.ts'
import { throttle } from './throttleBytes.ts'

/** Options of {@link throttleMessages}. */
export interface ThrottleMessagesOptions<A> {
  /** How many tokens a message costs: from 0 on. Default 1. */
  readonly cost?: (message: A) => number
  /** How many messages may wait that came from where no gate can be held. Beyond: `QueueFull`. Default 1,024. */
  readonly maxQueued?: number
}

/**
 * Slows messages down to a rate. Nothing is lost, and the order is kept: while a message waits its source is
 * held.
 *
 * ```
 *  in   ──abcd──────────|
 *  out  ──ab────c────d──|      throttleMessages({ perSecond: …, burst: 2 })
 * ```
 *
 * In any time T at most `burst + perSecond × T` pass. A message that costs more than `burst` passes when the
 * bucket is full, and leaves a debt that the next ones wait for. As with {@link throttleBytes}, a {@link Rate}
 * is for each subscription, a {@link TokenBucket} is shared.
 *
 * Errors: `QueueFull` (local: messages came from where no gate can be held) · `WrongOption` where `cost`
 * answers no number from 0 on, or whatever it throws. Throws `WrongOption` for a rate that cannot work.
 *
 * ```ts
 * import { throttleMessages } from '@sluice/net'
 * import { of } from 'rxjs'
 *
 * // a long line costs more than a short one
 * of('one', 'two', 'a longer one')
 *   .pipe(throttleMessages({ perSecond: 500, burst: 6 }, { cost: (line) => line.length }))
 *   .subscribe(console.log) // one
 * //                           two
 * //                           a longer one
 * ```
 */
export const throttleMessages = <A>(
  rate: Rate | TokenBucket,
  options: ThrottleMessagesOptions<A> = {},
): MonoTypeOperatorFunction<A> => {
  const { cost } = options
  return throttle('throttleMessages()', rate, options.maxQueued, (name, maxQueued) => ({
    name,
    maxQueued,
    cost: cost === undefined ? () => 1 : (message) => checked(cost(message)),
    cut: (message) => [message, undefined],
  }))
}

const checked = (cost: number): number => {
  if (cost >= 0 && cost < Infinity) return cost
  throw new WrongOption('throttleMessages()', 'cost', cost, 'a finite number from 0 on')
}
