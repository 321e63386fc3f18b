import { WrongOption } from '@sluice/protocol'
import { isWorthRetrying } from './internal/transport/retriable.ts'

/**
 * How chance spreads the waits of many clients that failed at the same moment.
 *
 * | jitter | a wait of at most `c` is |
 * |---|---|
 * | `full` | anything up to `c` |
 * | `equal` | half of `c`, and anything up to the other half |
 * | `none` | `c`: all of them come back at once |
 */
export type Jitter = 'full' | 'equal' | 'none'

/** Options of {@link backoff}. */
export interface BackoffOptions {
  /** The most the first wait may take. Default 2,000: less brings many clients back in a crowd. */
  readonly initialMs?: number
  /** The most any wait may take. Default 30,000. */
  readonly maxMs?: number
  /** The least any wait takes. Default 10; 0 asks for none. */
  readonly minMs?: number
  /** By how much a wait may be longer than the one before. Default 2. */
  readonly factor?: number
  /** Default `full`. */
  readonly jitter?: Jitter
  /** How many attempts in a row may fail before it gives up, not counting the very first. Default `Infinity`. */
  readonly attempts?: number
  /** How long a connection must last for the waits, and the count of attempts, to begin anew. Default 10,000. */
  readonly resetAfterMs?: number
  /**
   * Whether another attempt makes sense after this error: `ConnectFailed`, `ConnectionLost`, or what else the
   * source failed with. Default: where it is one of the net's, but for a signal that was aborted and a
   * certificate that was refused.
   */
  readonly retryIf?: (error: unknown) => boolean
  /** Where chance comes from: from 0 up to, not including, 1. Default `Math.random`. */
  readonly random?: () => number
}

/** When to try again, and when not any more: a value, made by {@link backoff}. */
export interface Backoff {
  readonly attempts: number
  readonly resetAfterMs: number
  readonly retryIf: (error: unknown) => boolean
  /** The most that is waited before the n-th attempt in a row (from 1). */
  readonly ceilingMs: (attempt: number) => number
  /** The wait before it, as chance has it. */
  readonly delayMs: (attempt: number) => number
}

/**
 * A policy for coming back: waits that grow up to a cap, and that chance spreads.
 *
 * ```
 *  ceilingMs   2,000  4,000  8,000  16,000  30,000      initialMs × factor^(n-1), at most maxMs
 *  delayMs       817  3,630     93  11,221   5,908      full jitter: anything up to that, at least minMs
 * ```
 *
 * Many clients that lose one server together come back together, unless chance spreads them. With the defaults,
 * once each has tried a first time, no tenth of a second sees more than a tenth of them.
 *
 * Throws `WrongOption` for an option that cannot work.
 *
 * ```ts
 * import { backoff } from '@sluice/net'
 *
 * const policy = backoff({ initialMs: 100, maxMs: 1_000, jitter: 'none' })
 * console.log([1, 2, 3, 4, 5].map(policy.delayMs)) // [ 100, 200, 400, 800, 1000 ]
 * ```
 *
 * Full and equal jitter are named and compared in AWS's article on exponential backoff and jitter.
 */
export const backoff = (options: BackoffOptions = {}): Backoff => {
  const initialMs = above(0, 'initialMs', options.initialMs ?? 2_000)
  const maxMs = above(0, 'maxMs', options.maxMs ?? 30_000)
  if (maxMs > LONGEST_MS) throw wrong('maxMs', maxMs, 'milliseconds up to 2,147,483,647, the longest a timer takes')
  const factor = from(1, 'factor', options.factor ?? 2)
  const minMs = from(0, 'minMs', options.minMs ?? Math.min(10, maxMs))
  if (minMs > maxMs) throw wrong('minMs', minMs, 'milliseconds up to maxMs')
  const attempts = options.attempts ?? Infinity
  if (attempts !== Infinity && !(Number.isSafeInteger(attempts) && attempts >= 0)) {
    throw wrong('attempts', attempts, 'a whole number from 0 on, or Infinity')
  }
  const resetAfterMs = options.resetAfterMs ?? 10_000
  if (!(resetAfterMs >= 0)) throw wrong('resetAfterMs', resetAfterMs, 'milliseconds from 0 on, or Infinity for never')
  const { jitter = 'full', random = Math.random } = options
  const spread = SPREADS[jitter] as Spread | undefined
  if (spread === undefined) throw wrong('jitter', jitter, `'full', 'equal' or 'none'`)
  const ceilingMs = (attempt: number): number => Math.min(maxMs, initialMs * factor ** (attempt - 1))
  return {
    attempts,
    resetAfterMs,
    retryIf: options.retryIf ?? isWorthRetrying,
    ceilingMs,
    delayMs: (attempt) => Math.max(minMs, spread(ceilingMs(attempt), random)),
  }
}

/** A timer of Node's that is given more fires at once. */
const LONGEST_MS = 2 ** 31 - 1

type Spread = (ceilingMs: number, random: () => number) => number

const SPREADS: Readonly<Record<Jitter, Spread>> = {
  full: (ceilingMs, random) => ceilingMs * random(),
  equal: (ceilingMs, random) => ceilingMs / 2 + (ceilingMs / 2) * random(),
  none: (ceilingMs) => ceilingMs,
}

const wrong = (option: string, given: unknown, expected: string): WrongOption =>
  new WrongOption('backoff()', option, given, expected)

const above = (least: number, option: string, value: number): number => {
  if (!(value > least && value < Infinity)) throw wrong(option, value, `a finite number over ${String(least)}`)
  return value
}

const from = (least: number, option: string, value: number): number => {
  if (!(value >= least && value < Infinity)) throw wrong(option, value, `a finite number from ${String(least)} on`)
  return value
}
