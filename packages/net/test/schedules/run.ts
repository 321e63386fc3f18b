import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import type { Outcome } from './play.ts'
import { play } from './play.ts'
import type { Schedule } from './schedule.ts'
import { schedule, showSchedule } from './schedule.ts'

/** How long a run is. */
export interface Scale {
  readonly runs: number
  readonly seed: number
  /** How many are played at a time: most of what they do is to wait. */
  readonly atOnce: number
}

/** What became of all the ends of one cause. */
interface Tally {
  count: number
  worstOverrunMs: number
}

/** Open descriptors of this process; 0 where the system does not tell. */
const descriptors = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)

/** Plays many random schedules, prints what came of them, and answers whether all obeyed. */
export const run = async ({ runs, seed, atOnce }: Scale): Promise<boolean> => {
  const escaped: unknown[] = []
  const escape = (error: unknown): void => {
    escaped.push(error)
  }
  for (const name of ['uncaughtException', 'unhandledRejection', 'warning']) process.on(name, escape)
  await play({ first: 'raw', accepted: true, second: 'raw', steps: [], last: ['close', 'close'] })
  const before = descriptors()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const causes = new Map<string, Tally>()
  let violations = 0
  const all = fc.sample(schedule, { numRuns: runs, seed })
  for (let from = 0; from < runs; from += atOnce) {
    const batch = all.slice(from, from + atOnce)
    const outcomes = await Promise.all(batch.map(play))
    outcomes.forEach((ends, i) => {
      for (const end of ends) count(causes, end)
      violations += tellWrong(ends, batch[i], from + i)
    })
  }
  delay.disable()
  for (let turns = 0; turns < 1_000 && descriptors() > before; turns++) await turn()
  print(causes)
  console.log(`schedules ${String(runs)}, seed ${String(seed)}, ${String(atOnce)} at a time`)
  console.log(`longest stall of the event loop ${(delay.max / 1e6).toFixed(0)} ms: no clock can be more punctual`)
  console.log(`violations ${String(violations)}, errors that escaped ${String(escaped.length)}`)
  console.log(`descriptors ${String(before)} before, ${String(descriptors())} after`)
  for (const error of escaped.slice(0, 5)) console.error(error)
  return violations === 0 && escaped.length === 0 && descriptors() <= before
}

const count = (causes: Map<string, Tally>, { cause, overrunMs }: Outcome): void => {
  const tally = causes.get(cause) ?? { count: 0, worstOverrunMs: -Infinity }
  tally.count++
  tally.worstOverrunMs = Math.max(tally.worstOverrunMs, overrunMs)
  causes.set(cause, tally)
}

const tellWrong = (ends: readonly Outcome[], played: Schedule | undefined, at: number): number => {
  const wrong = ends.flatMap((end) => end.wrong)
  if (wrong.length !== 0 && played !== undefined) {
    console.error(`schedule ${String(at)}: ${showSchedule(played)}`)
    for (const what of wrong) console.error(`  ${what.slice(0, 400)}`)
  }
  return wrong.length
}

/** Ends by cause, and by how much the latest of them came after its deadline (below 0: before). */
const print = (causes: ReadonlyMap<string, Tally>): void => {
  const rows = [...causes].sort(([, a], [, b]) => b.count - a.count)
  console.log(`${'cause'.padEnd(24)}${'ends'.padStart(8)}${'worst overrun'.padStart(18)}`)
  for (const [cause, { count, worstOverrunMs }] of rows) {
    const overrun = `${worstOverrunMs.toFixed(0)} ms`
    console.log(`${cause.padEnd(24)}${String(count).padStart(8)}${overrun.padStart(18)}`)
  }
}
