import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

// One package, one project, and always the same random numbers: a mutant's verdict must repeat.
process.env.FC_SEED ??= '20261121'

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
    setupFiles: [here('./fast-check.mjs')],
    testTimeout: 30_000,
  },
})
