import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { monotonicScheduler } from './monotonic.ts'

/** As `scheduler.schedule`, but the wait does not keep the process running: for what only looks around. */
export const quietly = (scheduler: SchedulerLike, ms: number, f: () => void): Unsubscribable => {
  if (scheduler !== monotonicScheduler) return scheduler.schedule(f, ms)
  const timer = setTimeout(f, ms)
  timer.unref()
  return {
    unsubscribe: () => {
      clearTimeout(timer)
    },
  }
}
