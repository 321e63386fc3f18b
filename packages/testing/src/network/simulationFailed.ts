import type { PlannedFault } from './fault.ts'
import { showFault } from './fault.ts'

/** What {@link SimulationFailed} says. */
export interface SimulationFailedInfo {
  /** What was not so. */
  readonly title: string
  readonly seed: number
  readonly mode: 'safety' | 'liveness'
  /** In virtual time. */
  readonly atMs: number
  readonly faults: readonly PlannedFault[]
  readonly log: readonly string[]
  readonly cause?: unknown
}

/** Lines of the log that stand in the message. */
const LAST_LINES = 40

/**
 * What should be so in a simulation is not. The message says what, when, under which faults, and how to have it again:
 *
 * ```
 *  the simulation with seed 7 (safety) has failed at 12.5 s: nobody hears a line twice
 *
 *  faults
 *     1.200 s for 3.000 s  Partition a | server
 *
 *  what happened last (all of it: logLines)
 *     …
 *
 *  repeat it with { seed: 7, mode: 'safety', faults: [{"atMs":1200, … }] }
 * ```
 */
export class SimulationFailed extends Error {
  readonly _tag = 'SimulationFailed'
  readonly title: string
  readonly seed: number
  readonly mode: 'safety' | 'liveness'
  readonly atMs: number
  readonly faults: readonly PlannedFault[]
  readonly log: readonly string[]

  constructor(info: SimulationFailedInfo) {
    super(messageOf(info), { cause: info.cause })
    this.name = 'SimulationFailed'
    this.title = info.title
    this.seed = info.seed
    this.mode = info.mode
    this.atMs = info.atMs
    this.faults = info.faults
    this.log = info.log
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`

const messageOf = ({ title, seed, mode, atMs, faults, log }: SimulationFailedInfo): string =>
  [
    `the simulation with seed ${String(seed)} (${mode}) has failed at ${seconds(atMs)}: ${title}`,
    '',
    faults.length === 0 ? 'no faults' : 'faults',
    ...faults.map(({ atMs: at, forMs, fault }) => `  ${seconds(at)} for ${seconds(forMs)}  ${showFault(fault)}`),
    '',
    'what happened last',
    ...log.slice(-LAST_LINES).map((line) => `  ${line}`),
    '',
    `repeat it with { seed: ${String(seed)}, mode: '${mode}', faults: ${JSON.stringify(faults)} }`,
  ].join('\n')
