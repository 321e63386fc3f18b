// For dependency-cruiser: our packages by name are their sources, so that no build is needed.
import { fileURLToPath } from 'node:url'

const source = (name) => fileURLToPath(new URL(`../packages/${name}/src/index.ts`, import.meta.url))

export default {
  resolve: {
    alias: {
      '@sluice/protocol$': source('protocol'),
      '@sluice/net$': source('net'),
      '@sluice/testing$': source('testing'),
      sluice$: source('sluice'),
    },
  },
}
