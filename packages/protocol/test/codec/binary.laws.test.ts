import { LawBroken, binaryLaws } from '@sluice/testing'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { binary } from '../../src/index.ts'
import { anyBinary } from './anyBinary.ts'

const { numRuns = 100, seed = Date.now() % 2 ** 31 } = fc.readConfigureGlobal()

/** Values, or bytes, for each law of each codec. `FC_RUNS=40` makes it 1,000 codecs. */
const VALUES = 100
const CODECS = Math.ceil(numRuns / 4)

const names = binaryLaws(binary.u8).map(({ name }) => name)

describe(`${String(CODECS)} binary codecs from random descriptions`, () => {
  it.each(names.map((name, i) => [name, i] as const))('each %s', { timeout: 600_000 }, (_name, i) => {
    // other codecs for every law
    for (const codec of fc.sample(anyBinary(), { numRuns: CODECS, seed: seed + i })) {
      try {
        binaryLaws(codec, { runs: VALUES, seed })[i]?.run()
      } catch (thrown) {
        if (thrown instanceof LawBroken) thrown.message += `\nor all of it with FC_SEED=${String(seed)}`
        throw thrown
      }
    }
  })
})
