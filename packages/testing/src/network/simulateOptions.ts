import type { PlannedFault } from './fault.ts'
import type { FaultPlanOptions } from './faultPlan.ts'
import type { NetworkConditions } from './networkConditions.ts'

/** Options of `simulate`. */
export interface SimulateOptions {
  /** All chance comes from it: the same seed, the same run. Default 0. */
  readonly seed?: number
  /** The machines. */
  readonly hosts: readonly string[]
  /** How long, in virtual time, without the time it may take to recover. */
  readonly durationMs: number
  /** `safety`: what is `always` so is. `liveness`: when the faults stop, what is `eventually` so comes. Default `safety`. */
  readonly mode?: 'safety' | 'liveness'
  /** `true`: some of all kinds. Or which kinds and how many; or just these. Default: none. */
  readonly faults?: boolean | FaultPlanOptions | readonly PlannedFault[]
  /** How long it may take, when the faults have stopped, until all is well. Default 300,000. */
  readonly recoverMs?: number
  /** How often the invariants are looked at. Default 100. */
  readonly lookMs?: number
  readonly network?: NetworkConditions
  /** How many of the last lines of the log are kept. Default 1,000. */
  readonly logLines?: number
}
