// One contender, measured in a process of its own: node one.mjs <decode|encode|lines> <name>
import { chunks, LINES, READERS } from './jsonLines.mjs'
import { frames, WAYS } from './packet.mjs'

const [what = '', name = ''] = process.argv.slice(2)
const ROUNDS = 60

/** The best of many rounds, in nanoseconds an operation: what disturbs only ever makes it slower. */
const best = async (/** @type {number} */ operations, /** @type {() => unknown} */ round) => {
  let least = Infinity
  for (let i = 0; i < ROUNDS; i++) {
    const from = process.hrtime.bigint()
    await round()
    least = Math.min(least, Number(process.hrtime.bigint() - from) / operations)
  }
  return least
}

const packets = async () => {
  const { decode, encode } = WAYS[name]?.() ?? {}
  const all = frames()
  const run = what === 'decode' ? decode : encode
  if (decode === undefined || run === undefined) return null
  const inputs = what === 'decode' ? all : all.map(decode)
  const TIMES = 20
  return best(TIMES * all.length, () => {
    for (let times = 0; times < TIMES; times++) {
      for (const input of inputs) if (run(input) === null) throw new Error('no answer')
    }
  })
}

const lines = async () => {
  const read = READERS[name]
  const all = chunks()
  return best(LINES, async () => {
    const count = await read?.(all)
    if (count !== LINES) throw new Error(`${count} messages of ${LINES}`)
  })
}

process.send?.({ tag: 'measured', ns: await (what === 'lines' ? lines() : packets()) })
process.disconnect?.()
