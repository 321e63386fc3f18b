import { spawnSync } from 'node:child_process'
import { describe, it } from 'vitest'
import { hold } from './oracle.ts'
import type { Row } from './row.ts'
import { casesOf, titleOf } from './row.ts'

const prlimit = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0

/** Rows as tests: each on its sides, over its carriers. */
export const matrix = (what: string, rows: readonly Row[]): void => {
  describe(`the fault matrix: ${what}`, () => {
    for (const one of casesOf(rows)) {
      const possible = process.platform === 'linux' && (one.row.needs !== 'prlimit' || prlimit)
      const without = possible ? '' : ` (left out: needs Linux${one.row.needs === 'prlimit' ? ' and prlimit' : ''})`
      it.skipIf(!possible)(`${titleOf(one)}${without}`, { timeout: 90_000 }, () => hold(one))
    }
  })
}
