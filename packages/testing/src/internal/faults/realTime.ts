import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { asyncScheduler } from 'rxjs'

/** RxJS's timers with a clock that nobody can set back. */
export const realTime: SchedulerLike = {
  now: () => performance.now(),
  schedule: asyncScheduler.schedule.bind(asyncScheduler),
}

/** In the next turn of the event loop; in virtual time, after what is due now. */
export const nextTurn = (scheduler: SchedulerLike, f: () => void): Unsubscribable => {
  if (scheduler !== realTime) return scheduler.schedule(f, 0)
  const immediate = setImmediate(f)
  return {
    unsubscribe: () => {
      clearImmediate(immediate)
    },
  }
}
