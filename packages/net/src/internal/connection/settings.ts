import { WrongOption } from '@sluice/protocol'
import type { SchedulerLike } from 'rxjs'
import type { ConnectionOptions, FullPolicy } from '../../connection.ts'
import type { ClockSettings } from '../time/clockSettings.ts'
import { clockSettings } from '../time/clockSettings.ts'
import { monotonicScheduler } from '../time/monotonic.ts'
import { wholeOption } from '../options.ts'

export { keepAliveOption, timeOption, wholeOption } from '../options.ts'

/** {@link ConnectionOptions}, checked, with their defaults. */
export interface ConnectionSettings {
  readonly whenFull: FullPolicy
  readonly highWaterMark: number
  readonly maxUnsentBytes: number
  readonly clocks: ClockSettings
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
    clocks: clockSettings(where, options),
    scheduler: options.scheduler ?? monotonicScheduler,
  }
}
