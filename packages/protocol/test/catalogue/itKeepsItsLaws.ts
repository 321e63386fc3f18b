import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Entry } from './entry.ts'
import { LAWS } from './lawKeys.ts'
import { lawNames, tryLaw } from './laws.ts'

const { numRuns = 100, seed = Date.now() % 2 ** 31 } = fc.readConfigureGlobal()

/** `FRAMINGS=lines,slip` asks them of these only. */
const only = process.env['FRAMINGS']?.split(',')

/** A case of these goes through every byte of a stream, or through a whole limit: fewer will do. */
const LONG: ReadonlyArray<string> = [LAWS.truncation, LAWS.limits]

/** One test a law for each of them: a thousand cases, of the long ones two hundred. */
export const itKeepsItsLaws = (entries: ReadonlyArray<Entry>): void => {
  for (const entry of entries) {
    describe.skipIf(only?.includes(entry.name) === false)(`${entry.name}, under options drawn at random too,`, () => {
      it.each(lawNames(entry))('%s', (name) => {
        tryLaw(entry, name, { runs: (LONG.includes(name) ? 2 : 10) * numRuns, seed })
      })
    })
  }
}
