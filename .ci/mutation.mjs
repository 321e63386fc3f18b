// npm run mutation [-- lines engine …]: Stryker over packages/protocol, one group after the other, then the scores.
// Verdicts are kept per group in reports/mutation: what has not changed since is not run again (--force: it is).
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import process from 'node:process'
import { GROUPS, NOTHING } from './mutationGroups.mjs'

const SOURCES = 'packages/protocol/src/'

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const flags = process.argv.slice(2).filter((arg) => arg.startsWith('--'))
const unknown = wanted.filter((name) => !(name in GROUPS))
if (unknown.length > 0) {
  console.error(`no group ${unknown.join(', ')}; there are ${Object.keys(GROUPS).join(', ')}`)
  process.exit(2)
}

const placed = new Set([...NOTHING, ...Object.values(GROUPS).flatMap(({ mutate }) => mutate)])
const missing = readdirSync(SOURCES, { recursive: true }).filter(
  (file) => file.endsWith('.ts') && !placed.has(file.replaceAll('\\', '/').slice(0, -3)),
)
if (missing.length > 0) {
  console.error(`in no group of .ci/mutationGroups.mjs: ${missing.join(', ')}`)
  process.exit(2)
}

/** Where the verdicts of a group are kept: a report by itself. */
const reportOf = (name) => `reports/mutation/${name}.json`

for (const name of wanted.length > 0 ? wanted : Object.keys(GROUPS)) {
  const { mutate, tests, framings } = GROUPS[name]
  console.log(`\n=== ${name}`)
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/@stryker-mutator/core/bin/stryker.js',
      'run',
      '.ci/stryker.json',
      ...['--mutate', mutate.map((file) => `${SOURCES}${file}.ts`).join(',')],
      ...['--incrementalFile', reportOf(name)],
      ...flags,
    ],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        MUTATION_TESTS: tests.join(','),
        FRAMINGS: framings.join(','),
      },
    },
  )
  if (status !== 0) process.exit(status ?? 1)
}

const KILLED = ['Killed', 'Timeout']
const COUNTED = [...KILLED, 'Survived', 'NoCoverage']

const rows = Object.keys(GROUPS)
  .filter((name) => existsSync(reportOf(name)))
  .flatMap((name) => Object.entries(JSON.parse(readFileSync(reportOf(name), 'utf8')).files))
  .map(([file, { mutants }]) => {
    const counted = mutants.filter(({ status }) => COUNTED.includes(status))
    const killed = counted.filter(({ status }) => KILLED.includes(status))
    return { file: file.slice(SOURCES.length), mutants: counted.length, killed: killed.length }
  })
  .filter(({ mutants }) => mutants > 0)

const percent = ({ mutants, killed }) => `${((100 * killed) / mutants).toFixed(2)} %`
const all = rows.reduce((sum, row) => ({ mutants: sum.mutants + row.mutants, killed: sum.killed + row.killed }), {
  mutants: 0,
  killed: 0,
})
console.table(rows.map((row) => ({ ...row, score: percent(row) })))
if (all.mutants > 0) console.log(`${String(all.killed)} of ${String(all.mutants)} mutants killed: ${percent(all)}`)
