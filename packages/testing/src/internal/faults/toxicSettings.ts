import { WrongOption } from '@sluice/protocol'
import type { LimitAction, Toxics } from '../../toxics.ts'

/** {@link Toxics}, checked, with their defaults. */
export interface ToxicSettings {
  readonly latencyMs: number
  readonly jitterMs: number
  readonly bytesPerSecond: number
  readonly slice: { readonly averageBytes: number; readonly variationBytes: number; readonly delayMs: number } | null
  readonly limit: { readonly bytes: number; readonly then: LimitAction } | null
  readonly swallowMs: number | null
  readonly resetMs: number | null
  readonly slowCloseMs: number
  readonly toxicity: number
}

const ACTIONS: readonly LimitAction[] = ['close', 'halfClose', 'reset', 'swallow']

export const toxicSettings = (where: string, toxics: Toxics): ToxicSettings => {
  const { latencyMs = 0, jitterMs = 0, bytesPerSecond = Infinity, slowCloseMs = 0, toxicity = 1 } = toxics
  const check = (option: string, given: number, holds: (value: number) => boolean, expected: string): void => {
    if (!holds(given)) throw new WrongOption(where, option, given, expected)
  }
  const time = (option: string, given: number): void => {
    check(option, given, (ms) => ms >= 0, 'milliseconds, from 0 on')
  }
  check('latencyMs', latencyMs, (ms) => ms >= 0 && ms < Infinity, 'finite milliseconds, from 0 on')
  check('jitterMs', jitterMs, (ms) => ms >= 0 && ms <= latencyMs, 'milliseconds from 0 to latencyMs')
  check('bytesPerSecond', bytesPerSecond, (rate) => rate > 0, 'a rate over 0')
  check('toxicity', toxicity, (part) => part >= 0 && part <= 1, 'a part from 0 to 1')
  time('slowCloseMs', slowCloseMs)
  const { slice, limit, swallowMs = null, resetMs = null } = toxics
  if (swallowMs !== null) time('swallowMs', swallowMs)
  if (resetMs !== null) time('resetMs', resetMs)
  if (slice !== undefined) {
    const { averageBytes, variationBytes = 0, delayMs = 0 } = slice
    check('slice.averageBytes', averageBytes, (n) => Number.isSafeInteger(n) && n > 0, 'a whole number from 1 on')
    check('slice.variationBytes', variationBytes, (n) => n >= 0 && n < averageBytes, 'less than averageBytes')
    time('slice.delayMs', delayMs)
  }
  if (limit !== undefined) {
    check('limit.bytes', limit.bytes, (n) => Number.isSafeInteger(n) && n >= 0, 'a whole number from 0 on')
    if (!ACTIONS.includes(limit.then))
      throw new WrongOption(where, 'limit.then', limit.then, `one of ${String(ACTIONS)}`)
  }
  return {
    latencyMs,
    jitterMs,
    bytesPerSecond,
    slice: slice === undefined ? null : { variationBytes: 0, delayMs: 0, ...slice },
    limit: limit ?? null,
    swallowMs,
    resetMs,
    slowCloseMs,
    toxicity,
  }
}

/** For those connections a direction's toxics do not concern. */
export const HEALTHY: ToxicSettings = toxicSettings('', {})
