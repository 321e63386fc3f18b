// npm run faults [-- --runs 20 --nodes 20,22,24 --only F05,F06 --namespaces]
// The fault matrix of packages/net/test/faults: every row, on each side, over each carrier, on each runtime,
// so many times in a row. The last lines are a table, and how many cases failed now and then.
// `--namespaces` runs the rows that need a wire to cut instead: as root, with `ip` and `tc`.
// SLUICE_FAULTS_SCALE=1 takes the catalogue's counts (10,000 connections …) instead of a tenth of them.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const current = process.versions.node.split('.')[0]

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    nodes: { type: 'string', default: current },
    only: { type: 'string', default: '' },
    namespaces: { type: 'boolean', default: false },
    // for ourselves: runs the rows in this process, and tells of them in lines of JSON
    here: { type: 'boolean', default: false },
  },
})

if (values.here) {
  const { runRows } = await import('../packages/net/test/faults/run.ts')
  const only = values.only.split(',').filter((id) => id !== '')
  await runRows({ runs: Number(values.runs), only, namespaces: values.namespaces }, (told) => {
    console.log(JSON.stringify(told))
  })
  process.exit(0)
}

const binaryOf = (major) => {
  const binary = major === current ? process.execPath : join(root, '.runtimes/node_modules', `node${major}`, 'bin/node')
  if (existsSync(binary)) return binary
  console.error(`Node ${major} is not there: \`npm run check:runtimes\` fetches it into .runtimes/`)
  process.exit(2)
}

const [ours, theirs] = ['sluice-a', 'sluice-b']
const ip = (command) => execFileSync('ip', command.split(' '), { stdio: 'pipe' })

const takeDown = () => {
  for (const name of [ours, theirs]) {
    try {
      ip(`netns del ${name}`)
    } catch {
      // it was not there
    }
  }
}

/** Two machines, and a cable between them. */
const setUp = () => {
  takeDown()
  for (const name of [ours, theirs]) ip(`netns add ${name}`)
  ip(`link add va netns ${ours} type veth peer name vb netns ${theirs}`)
  ip(`-n ${ours} addr add 10.77.0.1/24 dev va`)
  ip(`-n ${theirs} addr add 10.77.0.2/24 dev vb`)
  for (const [name, link] of [
    [ours, 'va'],
    [theirs, 'vb'],
  ]) {
    // prettier-ignore
    ip(`-n ${name} link set lo up`)
    ip(`-n ${name} link set ${link} up`)
  }
}

const cases = new Map()

const noted = (title, node) => {
  if (!cases.has(title)) cases.set(title, new Map())
  const runtimes = cases.get(title)
  if (!runtimes.has(node)) runtimes.set(node, { passed: 0, failures: [], ms: 0 })
  return runtimes.get(node)
}

const short = (text) => text.split('\n')[0].slice(0, 100)

const runOn = (node) =>
  new Promise((resolve) => {
    const args = ['--no-warnings', '--import', './.ci/typescript.mjs', '.ci/faults.mjs', '--here']
    args.push('--runs', values.runs, '--only', values.only)
    if (values.namespaces) args.push('--namespaces')
    const binary = binaryOf(node)
    const [file, all] = values.namespaces ? ['ip', ['netns', 'exec', ours, binary, ...args]] : [binary, args]
    const child = spawn(file, all, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let underWay = null
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return
      const { begins, title, run, failure, ms } = JSON.parse(line)
      underWay = begins ?? null
      if (begins !== undefined) return
      const result = noted(title, node)
      result.ms += ms
      if (failure === null) result.passed++
      else result.failures.push(failure)
      console.log(`node ${node}  run ${run}  ${failure === null ? 'ok    ' : 'FAILED'}  ${title}  ${ms} ms`)
      if (failure !== null) console.log(`        ${failure.split('\n').join('\n        ')}`)
    })
    child.once('close', (code, signal) => {
      if (underWay !== null) noted(underWay, node).failures.push(`the process ended: ${signal ?? `code ${code}`}`)
      resolve()
    })
  })

const nodes = values.nodes.split(',')
for (const node of nodes) binaryOf(node)
const begun = performance.now()
if (values.namespaces) setUp()
try {
  for (const node of nodes) await runOn(node)
} finally {
  if (values.namespaces) takeDown()
}

const cell = (result) => {
  if (result === undefined) return 'not run'
  const { passed, failures, ms } = result
  const all = passed + failures.length
  if (failures.length === 0) return `ok ${passed}/${all}, ${Math.round(ms / all)} ms`
  return `**${passed}/${all}**: ${short(failures[0])}`
}

console.log(
  `\n| row | ${nodes.map((node) => `Node ${node}`).join(' | ')} |\n| --- |${nodes.map(() => ' --- |').join('')}`,
)
for (const [title, runtimes] of cases) console.log(`| ${title} | ${nodes.map((node) => cell(runtimes.get(node))).join(' | ')} |`) // prettier-ignore

const results = [...cases.values()].flatMap((runtimes) => [...runtimes.values()])
const flaky = results.filter(({ passed, failures }) => passed !== 0 && failures.length !== 0)
const broken = results.filter(({ passed }) => passed === 0)
const runs = results.reduce((sum, { passed, failures }) => sum + passed + failures.length, 0)
const failed = results.reduce((sum, { failures }) => sum + failures.length, 0)
console.log(`\n${results.length} cases (row × side × carrier × runtime), ${runs} runs, ${failed} of them failed`)
console.log(`flaky: ${flaky.length} cases   always failing: ${broken.length} cases   ${((performance.now() - begun) / 1000).toFixed(0)} s`) // prettier-ignore
process.exit(failed === 0 && results.length > 0 ? 0 : 1)
