// Ten thousand connections at once: how long until they are up, and what does each of them cost? See ../README.md.
//   node bench/many/main.mjs [--connections 10000] [--rounds 3] [--at-once 1000]
import { start } from '../internal/children.mjs'
import { conclude, mib, option, table } from '../internal/report.mjs'

const CONNECTIONS = option('connections', 10_000)
const ROUNDS = option('rounds', 3)
const AT_ONCE = option('at-once', 1000)
const WARM_UP = 1000
const KINDS = /** @type {const} */ (['net', 'sluice'])

/** @param {'net' | 'sluice'} kind */
const round = async (kind) => {
  const server = start(import.meta.resolve('./server.mjs'), { args: [kind], execArgv: ['--expose-gc'] })
  const { port } = await server.hear('listening')
  /** @param {number} count */
  const measure = async (count) => {
    server.tell({ tag: 'measure', count })
    return server.hear('measured', 120_000)
  }
  // what is compiled, cached and pooled once is not what a connection costs
  const first = start(import.meta.resolve('./clients.mjs'), { args: [port, WARM_UP, AT_ONCE] })
  for (const tag of ['open', 'echo', 'close']) {
    first.tell({ tag })
    await first.hear('done')
  }
  first.end()
  const before = await measure(0)
  const clients = start(import.meta.resolve('./clients.mjs'), { args: [port, CONNECTIONS, AT_ONCE] })
  const began = performance.now()
  clients.tell({ tag: 'open' })
  server.tell({ tag: 'await', count: CONNECTIONS })
  const [, there] = await Promise.all([clients.hear('done'), server.hear('there')])
  const upMs = performance.now() - began
  const fresh = await measure(CONNECTIONS)
  clients.tell({ tag: 'echo' })
  const echo = await clients.hear('done')
  const idle = await measure(CONNECTIONS)
  clients.tell({ tag: 'close' })
  const closing = await clients.hear('done')
  const after = await measure(0)
  server.end()
  clients.end()
  /** @param {typeof before} now @param {'heap' | 'rss' | 'external'} what */
  const each = (now, what) => Math.round((now[what] - before[what]) / CONNECTIONS)
  return {
    upMs: Math.round(upMs),
    upCpu: Math.round(((there.cpuMs - before.cpuMs) / CONNECTIONS) * 1000),
    echoMs: Math.round(echo.ms),
    closeMs: Math.round(closing.ms),
    wrong: echo.wrong + closing.broken,
    heapFresh: each(fresh, 'heap'),
    heap: each(idle, 'heap'),
    external: each(idle, 'external'),
    rss: each(idle, 'rss'),
    rssMib: mib(idle.rss),
    heapLeft: each(after, 'heap'),
    descriptorsLeft: after.descriptors - before.descriptors,
  }
}

/** @typedef {Awaited<ReturnType<typeof round>>} Figures */

/** @type {Record<'net' | 'sluice', Figures[]>} */
const rounds = { net: [], sluice: [] }
for (let i = 0; i < ROUNDS; i++) for (const kind of KINDS) rounds[kind].push(await round(kind))

/** @param {'net' | 'sluice'} kind @param {keyof Figures} what */
const median = (kind, what) => {
  const sorted = rounds[kind].map((one) => one[what]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

/** @type {readonly (readonly [keyof Figures, string])[]} */
const names = [
  ['upMs', 'all connected and accepted, ms'],
  ['upCpu', 'processor time of the server for that, µs per connection'],
  ['echoMs', 'a line each way on all, ms'],
  ['closeMs', 'all closed, ms'],
  ['heapFresh', 'heap per connection before the first byte, bytes'],
  ['heap', 'heap per idle connection, bytes'],
  ['external', 'memory outside the heap per idle connection, bytes'],
  ['rss', 'RSS per idle connection, bytes'],
  ['rssMib', 'RSS in all, MiB'],
  ['heapLeft', 'heap left per connection, bytes'],
  ['descriptorsLeft', 'descriptors left'],
]
console.log(`${CONNECTIONS} connections; medians of ${ROUNDS} rounds\n`)
console.log(
  table(names.map(([what, name]) => ({ '': name, net: median('net', what), Sluice: median('sluice', what) }))),
)

const over = median('sluice', 'heap') - median('net', 'heap')
const worst = (/** @type {keyof Figures} */ what) => Math.max(...rounds.sluice.map((one) => one[what]))
/** @type {import('../internal/report.mjs').Check[]} */
const checks = [
  { name: 'all up, ms', value: median('sluice', 'upMs'), bound: '< 5000', holds: median('sluice', 'upMs') < 5000 },
  { name: 'wrong answers and broken connections', value: worst('wrong'), bound: '0', holds: worst('wrong') === 0 },
  { name: 'heap per idle connection over net, bytes', value: over, bound: '<= 4096', holds: over <= 4096 },
  {
    name: 'heap left per connection, bytes',
    value: worst('heapLeft'),
    bound: '<= 100',
    holds: worst('heapLeft') <= 100,
  },
  { name: 'descriptors left', value: worst('descriptorsLeft'), bound: '<= 0', holds: worst('descriptorsLeft') <= 0 },
]
conclude('many', checks, { connections: CONNECTIONS, rounds })
