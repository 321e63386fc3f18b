import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Entry } from './entry.ts'
import { lawNames, tryLaw } from './laws.ts'

const { numRuns = 100, seed = Date.now() % 2 ** 31 } = fc.readConfigureGlobal()

/** `FRAMINGS=lines,slip` asks them of these only. */
const only = process.env['FRAMINGS']?.split(',')

/** One test a law for each of them, a thousand cases each. */
export const itKeepsItsLaws = (entries: ReadonlyArray<Entry>): void => {
  for (const entry of entries) {
    describe.skipIf(only?.includes(entry.name) === false)(`${entry.name}, under options drawn at random too,`, () => {
      it.each(lawNames(entry))('%s', (name) => {
        tryLaw(entry, name, { runs: 10 * numRuns, seed })
      })
    })
  }
}
