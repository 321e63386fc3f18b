import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

// One package, one project, and always the same random numbers: a mutant's verdict must repeat.
process.env.FC_SEED ??= '20261121'
// A mutant meets thousands of cases across all the tests that reach it: few of each are enough.
process.env.FC_RUNS ??= '0.1'

// The tests of one group, by what their names begin with; the laws are asked of the framings that FRAMINGS names.
const tests = (process.env.MUTATION_TESTS ?? '').split(',').filter((name) => name !== '')
const include = [...tests, 'catalogue.laws'].map(
  (name) => `packages/protocol/test/${name.endsWith('.test') ? name : `${name}*.test`}.ts`,
)

export default defineConfig({
  root: here('..'),
  resolve: {
    alias: [
      {
        find: /^@sluice\/(protocol|net|testing)$/,
        replacement: here('../packages/$1/src/index.ts'),
      },
    ],
  },
  test: {
    include,
    setupFiles: [here('./fast-check.mjs')],
    testTimeout: 30_000,
  },
})
