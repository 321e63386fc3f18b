// Peers side by side on the same work, in rounds that alternate. See ../README.md.
//   node bench/throughput/main.mjs [--full] [--cases a,b] [--peers a,b] [--rounds 3] [--ms 1200] [--warm-ms 800]
//     [--nodes node22,node24] [--out samples.jsonl] [--minutes 9] [--effect]
import { appendFileSync, mkdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { installEffect, runtime } from '../internal/extras.mjs'
import { option } from '../internal/report.mjs'
import { CASES } from './cases.mjs'
import { PEERS } from './peers.mjs'
import { pinned, sampleClient, sampleServer } from './sample.mjs'
import { report } from './tables.mjs'

/** @param {string} name @returns {string | undefined} */
const words = (name) => {
  const at = process.argv.indexOf(`--${name}`)
  return at === -1 ? undefined : process.argv[at + 1]
}
if (process.argv.includes('--effect')) {
  installEffect()
  process.exit(0)
}
const full = process.argv.includes('--full')
const ROUNDS = option('rounds', full ? 5 : 3)
const MS = option('ms', full ? 2500 : 1200)
const WARM_MS = option('warm-ms', full ? 1500 : 800)
const UNTIL = performance.now() + option('minutes', full ? 240 : 9) * 60_000
const out = words('out') ?? `reports/bench/${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl`
const nodes = (words('nodes')?.split(',') ?? []).map((name) => {
  const path = runtime(name)
  if (path === null) throw new Error(`${name} is not in .runtimes: npm run check:runtimes puts it there`)
  return path
})

/** @param {string | undefined} given @param {readonly string[]} all @param {readonly string[]} usual */
const choice = (given, all, usual) => {
  const names = given?.split(',') ?? usual
  const unknown = names.filter((name) => !all.includes(name))
  if (unknown.length > 0) throw new Error(`not known here: ${unknown.join(', ')}; there are ${all.join(', ')}`)
  return names
}
const caseNames = Object.keys(CASES)
const peerNames = Object.keys(PEERS)
const chosenCases = choice(
  words('cases'),
  caseNames,
  caseNames.filter((name) => full || CASES[name]?.quick),
)
const chosenPeers = choice(
  words('peers'),
  peerNames,
  peerNames.filter((name) => full || PEERS[name]?.quick),
)

/** @param {import('./cases.mjs').Case} given */
const peersOf = (given) =>
  given.peers === undefined
    ? chosenPeers.filter((name) => PEERS[name]?.framings.includes(given.framing))
    : given.peers.filter((name) => chosenPeers.includes(name) || PEERS[name]?.framings.length === 0)

/** @param {string} name @param {import('./cases.mjs').Case} given @param {string | undefined} node */
const sample = (name, given, node) => {
  const peer = PEERS[name]
  const echo = PEERS['net-optimised']
  if (peer === undefined || echo === undefined) throw new Error(`no such peer: ${name}`)
  const times = { warmMs: WARM_MS, ms: MS, ...(node === undefined ? {} : { node }) }
  return given.kind === 'client' ? sampleClient(given, name, echo, times) : sampleServer(given, peer, times)
}

/** @type {import('./tables.mjs').Row[]} */
const rows = []
const versions = new Map()
const versionOf = async (/** @type {string | undefined} */ node) => {
  if (node === undefined) return process.version
  if (!versions.has(node)) {
    const { execFileSync } = await import('node:child_process')
    versions.set(node, execFileSync(node, ['--version']).toString().trim())
  }
  return versions.get(node)
}

mkdirSync(dirname(out), { recursive: true })
console.error(`samples go to ${out}${pinned ? '' : '; nothing is pinned to a core'}`)
let failed = 0
rounds: for (let round = 0; round < ROUNDS; round++) {
  for (const caseName of chosenCases) {
    const given = CASES[caseName]
    if (given === undefined) continue
    const names = peersOf(given)
    // A B C, B C A, C A B: nobody always runs first
    const turned = names.map((_, i) => names[(i + round) % names.length] ?? '')
    for (const node of nodes.length === 0 ? [undefined] : nodes) {
      for (const peer of turned) {
        if (performance.now() > UNTIL) {
          console.error('out of time: what is below is of fewer rounds')
          break rounds
        }
        try {
          const taken = await sample(peer, given, node)
          const row = {
            at: new Date().toISOString(),
            node: await versionOf(node),
            round,
            case: caseName,
            peer,
            ...taken,
          }
          rows.push(row)
          appendFileSync(out, `${JSON.stringify(row)}\n`)
          const each = Math.round(taken.work / taken.cpuSeconds).toLocaleString('en-US')
          console.error(`${round + 1}/${ROUNDS} ${caseName} ${peer}: ${each} ${given.unit} per CPU-second`)
        } catch (error) {
          failed++
          console.error(`${round + 1}/${ROUNDS} ${caseName} ${peer}: ${error instanceof Error ? error.message : error}`)
        }
      }
    }
  }
}
const cores = cpus()
console.log(`${cores.length} cores, ${cores[0]?.model}, ${process.platform}; ratio: to net-optimised in the same round`)
console.log(report(rows, CASES).join('\n'))
const wrong = rows.filter((row) => row.wrong > 0).length
if (failed + wrong > 0) console.error(`${failed} samples failed, ${wrong} had errors`)
process.exitCode = failed + wrong === 0 ? 0 : 1
