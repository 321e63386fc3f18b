import { laws } from './laws.mjs'

laws(globalThis.test)
