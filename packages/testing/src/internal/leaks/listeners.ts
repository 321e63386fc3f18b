import { EventEmitter, getEventListeners } from 'node:events'

/** What may have listeners. */
export type Target = EventEmitter | EventTarget

/** How many listeners there are, by what they listen to: `process exit`, `AbortSignal abort`. */
export const listeners = (targets: readonly Target[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  const count = (target: Target, event: string | symbol): void => {
    const key = `${nameOf(target)} ${String(event)}`
    counts.set(key, (counts.get(key) ?? 0) + getEventListeners(target, event).length)
  }
  for (const target of targets) {
    // an EventTarget does not say what is listened to: of the signals' only event it can be asked
    const events = target instanceof EventEmitter ? target.eventNames() : ['abort']
    for (const event of events) count(target, event)
  }
  return counts
}

const nameOf = (target: Target): string => (target === process ? 'process' : target.constructor.name)
