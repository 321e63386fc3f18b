import type { SimulationReport } from '@sluice/testing'
import { explore, simulate, SimulationFailed } from '@sluice/testing'
import { chatter, CHATTER } from './chatter.ts'
import type { Simulated } from './scenarios.ts'
import { SCENARIOS } from './scenarios.ts'

/** How long a run is. */
export interface Scale {
  readonly seeds: number
  readonly from: number
  /** Only scenarios with this in their name. */
  readonly only: string
  readonly modes: readonly ('safety' | 'liveness')[]
}

const chosen = (only: string): readonly Simulated[] => SCENARIOS.filter(({ name }) => name.includes(only))

/** What this process has computed: others may share the machine. */
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Plays every scenario with many seeds, prints how it went, and answers whether all held. */
export const run = async ({ seeds, from, only, modes }: Scale): Promise<boolean> => {
  let held = true
  for (const { name, scenario, options } of chosen(only)) {
    for (const mode of modes) {
      const began = cpuSeconds()
      const line = `${name}, ${mode}: seeds ${String(from)} to ${String(from + seeds - 1)}`
      try {
        const { virtualMs, faults, tasks } = await explore(scenario, { ...options, mode, seeds, from })
        const seconds = cpuSeconds() - began
        const hours = (virtualMs / 3_600_000).toFixed(1)
        console.log(`${line}: held. ${hours} simulated hours, ${String(faults)} faults, ${String(tasks)} events in ${seconds.toFixed(0)} s of processor time`) // prettier-ignore
      } catch (error) {
        held = false
        console.error(`${line}: failed`)
        console.error(error instanceof SimulationFailed ? error.message : error)
      }
    }
  }
  return held
}

/** Plays each seed twice and compares all that happened; answers whether it was the same every time. */
export const twice = async ({ seeds, from, only }: Scale): Promise<boolean> => {
  let different = 0
  const began = cpuSeconds()
  for (const { name, scenario, options } of chosen(only)) {
    const play = (seed: number): Promise<SimulationReport> =>
      simulate({ ...options, seed, logLines: 1_000_000 }, scenario)
    let lines = 0
    for (let seed = from; seed < from + seeds; seed++) {
      const [one, other] = [await play(seed), await play(seed)]
      const same =
        one.digest === other.digest && one.tasks === other.tasks && one.log.join('\n') === other.log.join('\n')
      lines += one.log.length
      if (same) continue
      different++
      const at = one.log.findIndex((line, i) => line !== other.log[i])
      console.error(`${name}, seed ${String(seed)}: differs from line ${String(at)} on:\n${String(one.log[at])}\n${String(other.log[at])}`) // prettier-ignore
    }
    console.log(`${name}: ${String(seeds)} seeds twice, ${String(lines)} lines of log each time`)
  }
  console.log(`different ${String(different)}, ${(cpuSeconds() - began).toFixed(0)} s of processor time`)
  return different === 0
}

/** How fast simulated time passes with many clients that talk. */
export const speed = async (): Promise<boolean> => {
  for (const everyMs of [60_000, 10_000, 1_000]) {
    const durationMs = everyMs * 60
    const began = cpuSeconds()
    const { virtualMs, tasks } = await simulate({ hosts: CHATTER, durationMs }, chatter(everyMs))
    const seconds = cpuSeconds() - began
    const rate = virtualMs / 1000 / seconds
    console.log(`100 clients, a line and its answer every ${String(everyMs / 1000)} s: ${rate.toFixed(0)} simulated seconds per second of processor time, ${(tasks / seconds).toFixed(0)} events a second`) // prettier-ignore
  }
  return true
}
