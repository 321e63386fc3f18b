import { test } from 'node:test'
import { laws } from './laws.mjs'

laws(test)
