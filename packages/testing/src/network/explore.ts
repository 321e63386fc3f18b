import { WrongOption } from '@sluice/protocol'
import { shrink } from '../internal/network/shrinking.ts'
import { plannedFaults, simulate } from './simulate.ts'
import type { SimulateOptions } from './simulateOptions.ts'
import type { Scenario } from './simulation.ts'
import { SimulationFailed } from './simulationFailed.ts'

/** Options of {@link explore}: those of each simulation, and which seeds. */
export interface ExploreOptions extends Omit<SimulateOptions, 'seed'> {
  /** How many. */
  readonly seeds: number
  /** The first of them; the others follow. Default 1. */
  readonly from?: number
  /** How many simulations may be spent on a smaller fault schedule for a seed that fails. Default 200. */
  readonly maxShrinks?: number
}

/** How the simulations went. */
export interface ExploreReport {
  readonly seeds: number
  readonly virtualMs: number
  readonly tasks: number
  readonly faults: number
}

/**
 * Runs a scenario with many seeds, one after the other. For the first that fails it looks for fewer and shorter faults
 * under which it still does.
 *
 * ```
 *  seeds 1, 2, 3 … ──▶ simulate each ──▶ all held
 *                          └── fails ──▶ fewer faults, shorter faults ──▶ SimulationFailed with the least of them
 * ```
 *
 * Rejects with `SimulationFailed`; throws `WrongOption` as {@link simulate} does.
 *
 * ```ts
 * import { explore } from '@sluice/testing'
 *
 * const options = { seeds: 3, hosts: ['a', 'b'], durationMs: 10_000, faults: [{ atMs: 5, forMs: 5, fault: { _tag: 'Crash', host: 'a' } }] } as const
 * const found = await explore(({ host, fail, scheduler }) => {
 *   host('a').run(() => () => {
 *     if (scheduler.now() < 10_000) fail('a has ended too soon')
 *   })
 * }, options).catch((error) => error)
 * console.log(found.seed, found.title) // 1 a has ended too soon
 * ```
 */
export const explore = async (scenario: Scenario, options: ExploreOptions): Promise<ExploreReport> => {
  const { seeds, from = 1, maxShrinks = 200, ...each } = options
  if (!Number.isSafeInteger(seeds) || seeds < 1) throw new WrongOption('explore()', 'seeds', seeds, 'one at least')
  let [virtualMs, tasks, faults] = [0, 0, 0]
  for (let seed = from; seed < from + seeds; seed++) {
    try {
      const report = await simulate({ ...each, seed }, scenario)
      virtualMs += report.virtualMs
      tasks += report.tasks
      faults += report.faults.length
    } catch (error) {
      if (!(error instanceof SimulationFailed)) throw error
      const plan = plannedFaults({ ...each, seed })
      throw await shrink(error, plan, maxShrinks, (less) => failureOf({ ...each, seed, faults: less }, scenario))
    }
  }
  return { seeds, virtualMs, tasks, faults }
}

const failureOf = async (options: SimulateOptions, scenario: Scenario): Promise<SimulationFailed | null> => {
  try {
    await simulate(options, scenario)
    return null
  } catch (error) {
    if (error instanceof SimulationFailed) return error
    throw error
  }
}
