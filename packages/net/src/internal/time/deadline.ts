import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { afterPendingInput } from './monotonic.ts'

/**
 * Calls `expired` unless it is unsubscribed in time. On expiry the input that is pending is read first: a
 * stalled event loop is no time-out (R22). `Infinity`: never.
 */
export const deadline = (scheduler: SchedulerLike, afterMs: number, expired: () => void): Unsubscribable => {
  if (afterMs === Infinity) return { unsubscribe: () => undefined }
  let waiting = scheduler.schedule((): void => {
    waiting = afterPendingInput(scheduler, expired)
  }, afterMs) as Unsubscribable
  return {
    unsubscribe: () => {
      waiting.unsubscribe()
    },
  }
}
