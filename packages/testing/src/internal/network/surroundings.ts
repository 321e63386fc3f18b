import type { Journal } from './journal.ts'
import type { Link } from './link.ts'
import type { VirtualTime } from './virtualTime.ts'

/** What everything on one simulated network needs of it: its time, its log, and what its systems are like. */
export interface Surroundings {
  readonly time: VirtualTime
  readonly journal: Journal
  readonly windowBytes: number
  readonly sendBufferBytes: number
  readonly giveUpMs: number
  /** How many of so many bytes make the next segment. */
  cut(bytes: number, link: Link): number
}
