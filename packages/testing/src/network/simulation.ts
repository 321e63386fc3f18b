import type { SchedulerLike } from 'rxjs'
import type { SimulatedHost } from './simulatedHost.ts'

/** What a scenario is given: the machines, and what must be true. */
export interface Simulation {
  readonly seed: number
  readonly scheduler: SchedulerLike
  /** One of the machines. */
  readonly host: (name: string) => SimulatedHost
  /** From 0 up to, not including, 1; of the seed, and of nothing else. */
  readonly random: () => number
  /** An invariant: looked at every `lookMs`, and at the end. */
  readonly always: (title: string, holds: () => boolean) => void
  /** What must come true when the faults have stopped. Only looked at in liveness mode. */
  readonly eventually: (title: string, holds: () => boolean) => void
  /** Something is wrong: ends the simulation. */
  readonly fail: (title: string) => void
  /** A line for the log. */
  readonly note: (text: string) => void
}

/** Sets a system up: runs programs on the hosts, and says what must be true of them. */
export type Scenario = (simulation: Simulation) => void | Promise<void>
