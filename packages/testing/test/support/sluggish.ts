import { setImmediate as turn } from 'node:timers/promises'
import { VirtualTimeScheduler } from 'rxjs'

/** A clock that stands still until it is told to go on. */
export class VirtualClock extends VirtualTimeScheduler {
  advance(ms: number): void {
    const to = this.frame + ms
    this.maxFrames = to
    this.flush()
    this.frame = to
  }
}

/** Less than a test may take, so that it fails saying what never came. */
const PATIENCE_MS = 15_000

/** Lets the event loop turn until the condition holds. */
export const until = async (what: string, holds: () => boolean): Promise<void> => {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > PATIENCE_MS) throw new Error(`never came: ${what}`)
    await turn()
  }
}

/** Lets the event loop turn so often that whatever was under way on loopback has arrived. */
export const turns = async (count = 10): Promise<void> => {
  for (let i = 0; i < count; i++) await turn()
}
