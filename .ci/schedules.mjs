// npm run schedules [-- --runs 3000 --seed 7 --at-once 25]
// Random schedules on real connections: whatever both ends do, the events obey their grammar and every end ends.
import { parseArgs } from 'node:util'
import { run } from '../packages/net/test/schedules/run.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    'at-once': { type: 'string', default: '25' },
  },
})

const number = (name) => {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value >= 0) return value
  console.error(`--${name} must be a whole number, not "${values[name]}"`)
  process.exit(2)
}

process.exitCode = (await run({ runs: number('runs'), seed: number('seed'), atOnce: number('at-once') })) ? 0 : 1
