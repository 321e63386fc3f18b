// npm run nightly [-- --only lengthPrefixed,lines --phase hostile --runs 0.1 --seed 7]
// The long run of the laws: docs/framings.md says what it is. `--runs` multiplies every count.
import { parseArgs } from 'node:util'
import { nightly } from '../packages/protocol/test/nightly/run.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    phase: { type: 'string' },
    runs: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const number = (name) => {
  const value = Number(values[name])
  if (Number.isFinite(value)) return value
  console.error(`--${name} must be a number, not "${values[name]}"`)
  process.exit(2)
}

const times = number('runs')
const count = (full) => Math.max(1, Math.round(full * times))
const scale = {
  splits: count(20_000),
  hostile: count(100_000),
  corpus: count(200),
  guided: count(20_000),
  frameBytes: 1024 * 1024,
  seed: number('seed'),
}
process.exitCode = nightly(scale, values) ? 0 : 1
