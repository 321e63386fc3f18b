import { hold } from './oracle.ts'
import type { Case } from './row.ts'
import { casesOf, titleOf } from './row.ts'
import { cut } from './rows/cut.ts'
import { rows } from './rows/index.ts'

/** What is run, in which process, and how often. */
export interface RunOptions {
  readonly runs: number
  /** `F05` …; empty: all. */
  readonly only: readonly string[]
  /** The rows that need a wire to cut, instead of the others. */
  readonly namespaces: boolean
}

/** What is told of each run: that it begins, and how it was. */
export type Told =
  | { readonly begins: string; readonly run: number }
  | { readonly title: string; readonly run: number; readonly failure: string | null; readonly ms: number }

/** Runs rows in this process, one after the other, without a test runner. */
export const runRows = async ({ runs, only, namespaces }: RunOptions, tell: (told: Told) => void): Promise<void> => {
  const cases = casesOf(namespaces ? cut : rows).filter(({ row }) => only.length === 0 || only.includes(row.id))
  for (let run = 1; run <= runs; run++) for (const one of cases) await runCase(one, run, tell)
}

const runCase = async (one: Case, run: number, tell: (told: Told) => void): Promise<void> => {
  const title = titleOf(one)
  tell({ begins: title, run })
  const begun = performance.now()
  const failure = await hold(one).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  tell({ title, run, failure, ms: Math.round(performance.now() - begun) })
}
