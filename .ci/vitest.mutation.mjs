import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

// One package, one project, and always the same random numbers: a mutant's verdict must repeat.
process.env.FC_SEED ??= '20261121'
// A mutant meets thousands of cases across all the tests that reach it: few of each are enough.
process.env.FC_RUNS ??= '0.1'

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
    include: ['packages/protocol/test/**/*.test.ts'],
    exclude: [
      // compares a page, not behaviour
      'packages/protocol/test/framings.docs.test.ts',
      // counts the blocks of the code that runs, which is not ours once it is instrumented
      'packages/protocol/test/catalogue.linear.test.ts',
    ],
    setupFiles: [here('./fast-check.mjs')],
    testTimeout: 30_000,
  },
})
