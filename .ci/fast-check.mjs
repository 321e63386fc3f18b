// Set-up of every test file: FC_SEED repeats a failed run, FC_RUNS multiplies the default count.
import { env } from 'node:process'
import fc from 'fast-check'

const number = (name) => {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!Number.isFinite(value)) throw new Error(`${name} must be a number, not "${text}"`)
  return value
}

const seed = number('FC_SEED')
const times = number('FC_RUNS') ?? 1

fc.configureGlobal({
  verbose: 1,
  numRuns: Math.max(1, Math.round(100 * times)),
  ...(seed === undefined ? {} : { seed }),
})
