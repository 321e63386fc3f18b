import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { asyncScheduler } from 'rxjs'

/** RxJS's timers with a clock that nobody can set back: its own reads the wall clock (R22). */
export const monotonicScheduler: SchedulerLike = {
  now: () => performance.now(),
  schedule: asyncScheduler.schedule.bind(asyncScheduler),
}

/**
 * Runs `f` once the input that is pending now has been read. After a stall Node runs timers, several in a
 * row, before it reads; an immediate comes after the reading (FAULTS 0.8).
 */
export const afterPendingInput = (scheduler: SchedulerLike, f: () => void): Unsubscribable => {
  // 1 and not 0: in virtual time 0 would come before what is due at the same moment
  if (scheduler !== monotonicScheduler) return scheduler.schedule(f, 1)
  const immediate = setImmediate(f)
  return {
    unsubscribe: () => {
      clearImmediate(immediate)
    },
  }
}
