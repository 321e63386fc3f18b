// npm run requests [-- --runs 10000 --seed 7]
// Random schedules of requests: each settles once, with its own answer or its own cause, and no window is exceeded.
import { parseArgs } from 'node:util'
import { run } from '../packages/net/test/requests/run.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const number = (name) => {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value >= 0) return value
  console.error(`--${name} must be a whole number, not "${values[name]}"`)
  process.exit(2)
}

process.exitCode = (await run({ runs: number('runs'), seed: number('seed') })) ? 0 : 1
