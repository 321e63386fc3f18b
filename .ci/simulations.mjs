// npm run simulations [-- --seeds 10000 --from 1 --only chat --mode safety | --twice | --speed]
// Whole systems on a simulated network under random faults: the invariants hold, and all recovers when the faults stop.
// --twice: the same seed gives the same run. --speed: how fast simulated time passes.
import { parseArgs } from 'node:util'
import { run, speed, twice } from '../packages/testing/test/simulations/run.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    mode: { type: 'string' },
    twice: { type: 'boolean', default: false },
    speed: { type: 'boolean', default: false },
  },
})

const number = (name) => {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value >= 0) return value
  console.error(`--${name} must be a whole number, not "${values[name]}"`)
  process.exit(2)
}

const modes = values.mode === undefined ? ['safety', 'liveness'] : [values.mode]
const scale = { seeds: number('seeds'), from: number('from'), only: values.only, modes }
const held = values.speed ? speed() : values.twice ? twice(scale) : run(scale)
process.exitCode = (await held) ? 0 : 1
