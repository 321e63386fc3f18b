import fc from 'fast-check'
import type { Outcome } from './play.ts'
import { play } from './play.ts'
import type { Schedule } from './schedule.ts'
import { schedule, showSchedule } from './schedule.ts'

/** How long a run is. */
export interface Scale {
  readonly runs: number
  readonly seed: number
}

/** Plays many random schedules of requests, prints what came of them, and answers whether all obeyed. */
export const run = async ({ runs, seed }: Scale): Promise<boolean> => {
  const escaped: unknown[] = []
  const escape = (error: unknown): void => {
    escaped.push(error)
  }
  for (const name of ['uncaughtException', 'unhandledRejection', 'warning']) process.on(name, escape)
  const ends = new Map<string, number>()
  let violations = 0
  for (const [at, one] of fc.sample(schedule, { numRuns: runs, seed }).entries()) {
    const outcome = await play(one)
    for (const end of outcome.ends) ends.set(end, (ends.get(end) ?? 0) + 1)
    violations += tellWrong(outcome, one, at)
  }
  const requests = [...ends.values()].reduce((sum, count) => sum + count, 0)
  for (const [end, count] of [...ends].sort(([, a], [, b]) => b - a)) {
    console.log(`${end.padEnd(24)}${String(count).padStart(8)}`)
  }
  console.log(`schedules ${String(runs)}, seed ${String(seed)}, requests ${String(requests)}`)
  console.log(`violations ${String(violations)}, errors that escaped ${String(escaped.length)}`)
  for (const error of escaped.slice(0, 5)) console.error(error)
  return violations === 0 && escaped.length === 0
}

const tellWrong = ({ wrong }: Outcome, played: Schedule, at: number): number => {
  if (wrong.length !== 0) {
    console.error(`schedule ${String(at)}: ${showSchedule(played)}`)
    for (const what of wrong) console.error(`  ${what.slice(0, 400)}`)
  }
  return wrong.length
}
