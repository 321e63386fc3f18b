import type { SchedulerLike } from 'rxjs'
import { asyncScheduler } from 'rxjs'

/** RxJS's timers with a clock that nobody can set back: its own reads the wall clock (R22). */
export const monotonicScheduler: SchedulerLike = {
  now: () => performance.now(),
  schedule: asyncScheduler.schedule.bind(asyncScheduler),
}
