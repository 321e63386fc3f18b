// Decoders, encoders and operators beside the bare loop, in one process, taking turns: the ratio holds on a busy machine
// as well. See ../README.md.
//   node bench/micro/main.mjs [--rounds 15] [--check]
import { median, shown } from '../internal/numbers.mjs'
import { option, table } from '../internal/report.mjs'
import { kept, PAIRS } from './pairs.mjs'

const checks = process.argv.includes('--check')
const ROUNDS = option('rounds', 15)
const WARM_UPS = 3
const SLICE_MS = 20

/** CPU time so far, in milliseconds: others may have the core for a while. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Nanoseconds a message, over a slice of time. @param {() => void} loop */
const timed = (loop) => {
  kept.count = 0
  const began = cpuMs()
  let now = began
  while (now - began < SLICE_MS) {
    loop()
    now = cpuMs()
  }
  return ((now - began) * 1e6) / kept.count
}

const rows = []
/** @type {string[]} */
const slow = []
for (const [name, { bare, ours, most }] of Object.entries(PAIRS)) {
  /** @type {number[]} */
  const bareNs = []
  /** @type {number[]} */
  const oursNs = []
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const [one, other] = [timed(bare), timed(ours)]
    if (round < 0) continue
    bareNs.push(one)
    oursNs.push(other)
  }
  const ratio = median(oursNs.map((ns, i) => ns / (bareNs[i] ?? NaN)))
  if (ratio > most) slow.push(name)
  rows.push({
    '': name,
    'bare, ns': shown(median(bareNs)),
    'ours, ns': shown(median(oursNs)),
    ratio: shown(ratio),
    ...(checks ? { most, held: ratio > most ? 'NO' : 'yes' } : {}),
  })
}
console.log(table(rows))
console.log(JSON.stringify({ bench: 'micro', node: process.version, slow, rows }))
if (checks && slow.length > 0) {
  console.error(`slower than they may be: ${slow.join(', ')}`)
  process.exitCode = 1
}
