import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../../..', import.meta.url))

export default {
  rootDir: packages,
  roots: [fileURLToPath(new URL('.', import.meta.url))],
  testMatch: ['**/runners/jest.mjs'],
  testEnvironment: 'node',
  cacheDirectory: fileURLToPath(new URL('../../.tsbuild/jest', import.meta.url)),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': fileURLToPath(new URL('./jestTypescript.cjs', import.meta.url)) },
  moduleNameMapper: { '^@sluice/(protocol|net|testing)$': '<rootDir>/$1/src/index.ts' },
  watchman: false,
}
