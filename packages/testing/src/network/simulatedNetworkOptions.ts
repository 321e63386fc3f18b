import type { NetworkConditions } from './networkConditions.ts'

/** Options of `simulatedNetwork`. */
export interface SimulatedNetworkOptions extends NetworkConditions {
  /** All chance comes from it. Default 0. */
  readonly seed?: number
  /** How many of the last lines of the log are kept. Default 1,000. */
  readonly logLines?: number
}
