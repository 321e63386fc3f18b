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
