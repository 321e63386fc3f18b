import { WrongOption } from '@sluice/protocol'
import type { SchedulerLike } from 'rxjs'
import type { ConnectionOptions, FullPolicy } from '../connection.ts'
import { monotonicScheduler } from './monotonic.ts'

/** {@link ConnectionOptions}, checked, with their defaults. */
export interface ConnectionSettings {
  readonly whenFull: FullPolicy
  readonly highWaterMark: number
  readonly maxUnsentBytes: number
  readonly silenceMs: number
  readonly frameMs: number
  readonly writeProgressMs: number
  readonly halfClosedMs: number
  readonly lingerMs: number
  readonly probeMs: number
  readonly scheduler: SchedulerLike
}

const POLICIES: readonly FullPolicy[] = ['hold', 'fail', 'dropNewest', 'dropOldest']

export const connectionSettings = (where: string, options: ConnectionOptions): ConnectionSettings => {
  const whenFull = options.whenFull ?? 'hold'
  if (!POLICIES.includes(whenFull)) {
    throw new WrongOption(where, 'whenFull', whenFull, `one of ${POLICIES.map((p) => `'${p}'`).join(', ')}`)
  }
  const maxUnsentBytes = wholeOption(where, 'maxUnsentBytes', options.maxUnsentBytes, 1024 * 1024)
  return {
    whenFull,
    maxUnsentBytes,
    highWaterMark: Math.min(wholeOption(where, 'highWaterMark', options.highWaterMark, 64 * 1024), maxUnsentBytes),
    silenceMs: timeOption(where, 'silenceMs', options.silenceMs, Infinity),
    frameMs: timeOption(where, 'frameMs', options.frameMs, 30_000),
    writeProgressMs: timeOption(where, 'writeProgressMs', options.writeProgressMs, 30_000),
    halfClosedMs: timeOption(where, 'halfClosedMs', options.halfClosedMs, 30_000),
    lingerMs: timeOption(where, 'lingerMs', options.lingerMs, 5_000),
    probeMs: timeOption(where, 'probeMs', options.probeMs, 10_000),
    scheduler: options.scheduler ?? monotonicScheduler,
  }
}

/** A time in milliseconds; `Infinity` turns a clock off. */
export const timeOption = (where: string, option: string, given: number | undefined, fallback: number): number => {
  const value = given ?? fallback
  if (!(value > 0)) throw new WrongOption(where, option, value, 'milliseconds over 0, or Infinity for never')
  return value
}

export const wholeOption = (where: string, option: string, given: number | undefined, fallback: number): number => {
  const value = given ?? fallback
  if (!Number.isSafeInteger(value) || value < 1) throw new WrongOption(where, option, value, 'a whole number from 1 on')
  return value
}

/** Node rounds a delay under a second down to 0, which means two hours to the kernel (FAULTS 0.9). */
export const keepAliveOption = (where: string, given: number | undefined): number => {
  const value = given ?? 30_000
  if (!(value >= 1000)) {
    throw new WrongOption(where, 'keepAliveMs', value, '1,000 milliseconds or more, or Infinity for never')
  }
  return value
}
