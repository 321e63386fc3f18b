import type { PlannedFault } from './fault.ts'

/** How a simulation went. */
export interface SimulationReport {
  readonly seed: number
  /** How much virtual time has passed. */
  readonly virtualMs: number
  /** How many tasks were done in it: arrivals, timers. */
  readonly tasks: number
  readonly faults: readonly PlannedFault[]
  /** What happened on the network, a line each, the last ones. */
  readonly log: readonly string[]
  /** All that happened, every byte included, as a number. */
  readonly digest: number
  /** Timers still waiting when every program had ended and every connection was closed. */
  readonly pendingTasks: number
}
