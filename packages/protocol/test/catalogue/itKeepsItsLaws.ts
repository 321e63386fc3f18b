import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Entry } from './entry.ts'
import { lawNames, tryLaw } from './laws.ts'

const { numRuns = 100, seed = Date.now() % 2 ** 31 } = fc.readConfigureGlobal()

/** One test a law for each of them, a thousand cases each. */
export const itKeepsItsLaws = (entries: ReadonlyArray<Entry>): void => {
  describe.each(entries)('$name, as it comes and under options drawn at random,', (entry) => {
    it.each(lawNames(entry))('%s', (name) => {
      tryLaw(entry, name, { runs: 10 * numRuns, seed })
    })
  })
}
