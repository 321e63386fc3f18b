import { WrongOption } from '@sluice/protocol'
import { SimulationRun } from '../internal/network/simulationRun.ts'
import type { PlannedFault } from './fault.ts'
import type { FaultPlanOptions } from './faultPlan.ts'
import { faultPlan } from './faultPlan.ts'
import type { SimulateOptions } from './simulateOptions.ts'
import type { Scenario } from './simulation.ts'
import type { SimulationReport } from './simulationReport.ts'

/**
 * Runs a whole system, servers and clients, in one process on a simulated network and in virtual time, with faults
 * coming and going. The same seed gives the same run, byte for byte.
 *
 * ```
 *  scenario ──▶ programs on hosts ──▶ faults come and go ──▶ safety: the invariants held all the time
 *                                          └── stop ───────▶ liveness: and all is well again, within recoverMs
 *                                                   └──────▶ every program ends, and no socket is left
 * ```
 *
 * While it runs, time and chance of the process are virtual: `setTimeout`, `setInterval`, `setImmediate`, `Date.now`,
 * `performance.now`, `Math.random`. So nothing real can be waited for in it, and there is one at a time.
 *
 * Rejects with `SimulationFailed` (what was not so, or what was thrown, with the seed, the faults and the log). Throws
 * `WrongOption` for options that cannot work.
 *
 * ```ts
 * import { simulate } from '@sluice/testing'
 * import { lines, serve, speak } from 'sluice'
 * import { map, of } from 'rxjs'
 *
 * const { virtualMs } = await simulate({ seed: 7, hosts: ['server', 'client'], durationMs: 60_000 }, ({ host, eventually }) => {
 *   let heard = ''
 *   const echo = serve(lines(), map((line) => line.toUpperCase()))
 *   host('server').run(() => host('server').listen({ port: 7000 }).pipe(echo).subscribe())
 *   host('client').run(() =>
 *     host('client')
 *       .connect({ host: 'server', port: 7000 })
 *       .pipe(speak(lines(), (in$) => {
 *         in$.subscribe((line) => (heard = line))
 *         return of('hello')
 *       }))
 *       .subscribe(),
 *   )
 *   eventually('the answer comes', () => heard === 'HELLO')
 * })
 * console.log(virtualMs >= 60_000) // true
 * ```
 */
export const simulate = (options: SimulateOptions, scenario: Scenario): Promise<SimulationReport> => {
  const { hosts, durationMs, seed = 0 } = options
  if (hosts.length === 0) throw new WrongOption('simulate()', 'hosts', hosts, 'one at least')
  if (!(durationMs > 0 && durationMs < Infinity)) {
    throw new WrongOption('simulate()', 'durationMs', durationMs, 'a number of milliseconds over 0')
  }
  return new SimulationRun({ ...options, seed }, plannedFaults(options)).run(scenario)
}

/** The faults that a simulation with these options is to stand. */
export const plannedFaults = ({ faults, seed = 0, hosts, durationMs }: SimulateOptions): readonly PlannedFault[] => {
  if (faults === undefined || faults === false) return []
  if (Array.isArray(faults)) return faults as readonly PlannedFault[]
  return faultPlan(seed, hosts, durationMs, faults === true ? {} : (faults as FaultPlanOptions))
}
