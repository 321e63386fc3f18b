import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (name: string) => fileURLToPath(new URL(`./packages/${name}/src/index.ts`, import.meta.url))

const project = (name: string, include: string[]) => ({
  extends: true as const,
  test: { name, include, exclude: ['**/node_modules/**', '**/dist/**', '**/.*/**'] },
})

const packages = ['protocol', 'net', 'testing', 'sluice']

export default defineConfig({
  resolve: {
    // Tests see the sources, so that no build is needed and no file is loaded twice.
    alias: [
      { find: /^@sluice\/(protocol|net|testing)$/, replacement: source('$1') },
      { find: /^sluice$/, replacement: source('sluice') },
    ],
  },
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    setupFiles: [fileURLToPath(new URL('./.ci/fast-check.mjs', import.meta.url))],
    projects: [
      ...packages.map((name) => project(name, [`packages/${name}/test/**/*.test.ts`])),
      project('examples', ['examples/*/**/*.test.ts']),
      project('docs', ['docs/**/*.test.ts']),
    ],
  },
})
