import { COMBINATORS } from '../catalogue/combinators.ts'
import { CATALOGUE } from '../catalogue/index.ts'

import type { Scale } from './phases.ts'
import { PHASES } from './phases.ts'

const ALL = [...CATALOGUE, ...COMBINATORS]

/** What of the run is wanted; without it, all. */
export interface Slice {
  readonly only?: string | undefined
  readonly phase?: string | undefined
}

interface Row {
  readonly framing: string
  readonly phase: string
  readonly cases: number
  readonly seconds: string
  readonly result: string
}

/** Goes through the catalogue, prints what it did, and answers whether every law held. */
export const nightly = (scale: Scale, { only, phase }: Slice): boolean => {
  const entries = ALL.filter(({ name }) => only === undefined || only.split(',').includes(name))
  const phases = PHASES.filter(({ name }) => phase === undefined || name.startsWith(phase))
  if (entries.length === 0 || phases.length === 0) {
    console.error(`nothing of that name; framings: ${ALL.map(({ name }) => name).join(', ')}`)
    console.error(`phases: ${PHASES.map(({ name }) => name).join(', ')}`)
    return false
  }
  console.log(`seed ${String(scale.seed)}`)
  const rows: Row[] = []
  for (const entry of entries) {
    for (const { name, run } of phases) {
      const begun = performance.now()
      const { cases, result } = attempt(() => run(entry, scale))
      const seconds = ((performance.now() - begun) / 1000).toFixed(1)
      rows.push({ framing: entry.name, phase: name, cases, seconds, result })
      console.log(`  ${entry.name}, ${name}: ${String(cases)} cases, ${seconds} s, ${result}`)
    }
  }
  console.table(rows)
  const broken = rows.filter(({ result }) => result !== 'held')
  const cases = rows.reduce((sum, row) => sum + row.cases, 0)
  console.log(`${String(cases)} cases, ${String(broken.length)} broken, seed ${String(scale.seed)}`)
  return broken.length === 0
}

const attempt = (run: () => number): Pick<Row, 'cases' | 'result'> => {
  try {
    return { cases: run(), result: 'held' }
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown)
    return { cases: 0, result: 'BROKEN' }
  }
}
