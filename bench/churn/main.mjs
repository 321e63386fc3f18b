// Thousands of connections opened and ended in random ways in one process: is anything left? See ../README.md.
//   node --expose-gc bench/churn/main.mjs [--connections 10000] [--at-once 100] [--seed 1]
import { getEventListeners, setMaxListeners } from 'node:events'
import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Subject } from 'rxjs'
import { showCause } from 'sluice'
import { conclude, option, table } from '../internal/report.mjs'
import { random } from '../internal/random.mjs'
import { ENDINGS } from './endings.mjs'
import { startServers } from './server.mjs'

const CONNECTIONS = option('connections', 10_000)
const AT_ONCE = option('at-once', 100)
const SEED = option('seed', Math.floor(Math.random() * 1e9))
const WARM_UP = Math.min(3000, CONNECTIONS)
const ONE_MS = 10_000
const ALL_MS = 240_000

const gc = /** @type {undefined | (() => void)} */ (Reflect.get(globalThis, 'gc'))
if (gc === undefined) throw new Error('run it with node --expose-gc')

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const guard = setTimeout(() => {
  console.error(`not done in ${ALL_MS} ms; seed ${SEED}`)
  process.exit(2)
}, ALL_MS)
guard.unref()

/** @type {string[]} */
const mishaps = []
for (const event of ['uncaughtException', 'unhandledRejection', 'warning']) {
  process.on(event, (error) => mishaps.push(`${event}: ${error?.stack ?? error}`))
}

const stop$ = new Subject()
const abortion = new AbortController()
// one listener for each connection that is open
setMaxListeners(0, abortion.signal)
const servers = await startServers(stop$)

/** What is there, when nothing is under way. */
const census = async () => {
  for (let waited = 0; servers.live() > 0 && waited < ONE_MS; waited += 50) await sleep(50)
  // kernel and libuv first close what was just ended; garbage is only garbage after that
  await sleep(300)
  gc()
  await sleep(50)
  gc()
  const resources = process.getActiveResourcesInfo()
  /** @param {string} name */
  const count = (name) => resources.filter((one) => one === name).length
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    sockets: count('TCPSocketWrap') + count('TCPConnectWrap'),
    timers: count('Timeout') + count('Immediate'),
    resources: resources.length,
    'process listeners': process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    'signal listeners': getEventListeners(abortion.signal, 'abort').length,
    'subject observers': stop$.observers.length,
    'open connections': servers.live(),
    heapUsed: process.memoryUsage().heapUsed,
  }
}

/** @type {string[]} */
const wrong = []
/** @type {Map<string, Map<string, number>>} */
const causes = new Map()

/**
 * @param {string} ending
 * @param {string} cause
 */
const tally = (ending, cause) => {
  const row = causes.get(ending) ?? new Map()
  causes.set(ending, row)
  row.set(cause, (row.get(cause) ?? 0) + 1)
}

/**
 * @template A
 * @param {Promise<A>} promise
 * @param {string} what
 * @returns {Promise<A>}
 */
const inTime = (promise, what) => {
  /** @type {NodeJS.Timeout} */
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not over after ${ONE_MS} ms`)), ONE_MS)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** @param {string} what @param {() => Promise<void>} f */
const judged = async (what, f) => {
  try {
    await f()
  } catch (error) {
    wrong.push(`${what}: ${error instanceof Error ? error.message : error}`)
  }
}

const total = ENDINGS.reduce((sum, ending) => sum + ending.weight, 0)

/**
 * One connection, from its opening until both ends have reported.
 *
 * @param {number} seed
 * @param {boolean} counts
 */
const one = async (seed, counts) => {
  const rng = random(seed)
  let ticket = rng.next() * total
  const ending = ENDINGS.find(({ weight }) => (ticket -= weight) < 0) ?? ENDINGS[0]
  if (ending === undefined) return
  const what = `${ending.name} (seed ${seed})`
  const server = servers[ending.at ?? 'answering']
  await judged(what, async () => {
    const context = { port: server.port, rng, signal: abortion.signal }
    const client = await inTime(ending.run(context), `${what}, client`)
    // who was never connected, or may have gone before it was seen, is not waited for
    if (client.localPort !== undefined && ending.at !== 'lobby') {
      const { cause, events } = await inTime(server.closed(client.localPort), `${what}, server`).finally(client.after)
      if (counts) tally(`${ending.name}, server`, cause)
      if (!ending.server.includes(cause)) wrong.push(`${what}: the server's events were ${events}`)
    }
    if (client.closes === undefined) return
    const tags = client.closes.map((event) => event._tag)
    const last = client.closes.at(-1)
    if (tags.filter((tag) => tag === 'Closed').length !== 1 || last?._tag !== 'Closed' || !client.completed?.()) {
      wrong.push(`${what}: the client's events were ${tags.join(' ')}`)
      return
    }
    const cause = last.cause._tag
    if (counts) tally(`${ending.name}, client`, cause)
    if (!ending.client?.includes(cause)) {
      wrong.push(`${what}: the client's cause was ${showCause(last.cause)} after ${tags.join(' ')}`)
    }
  })
}

/**
 * @param {number} first
 * @param {number} count
 * @param {boolean} counts
 */
const churn = async (first, count, counts) => {
  let next = first
  const worker = async () => {
    while (next < first + count) await one(next++, counts)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

console.log(`${CONNECTIONS} connections, ${AT_ONCE} at once, seed ${SEED}`)
const stalls = monitorEventLoopDelay({ resolution: 10 })
stalls.enable()
// what is compiled, cached and pooled once is not what a connection leaves behind
await churn(SEED + CONNECTIONS, WARM_UP, false)
servers.forget()
const before = await census()
const began = performance.now()
await churn(SEED, CONNECTIONS, true)
stalls.disable()
const seconds = (performance.now() - began) / 1000
const accounts = servers.forget()
const after = await census()
clearTimeout(guard)

const accepted = accounts.accepted
const rows = [...causes]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([ending, row]) => ({
    ending,
    connections: [...row.values()].reduce((sum, count) => sum + count, 0),
    causes: [...row].map(([cause, count]) => `${cause} ${count}`).join(', '),
  }))
console.log(table(rows))
console.log()
const names = /** @type {(keyof typeof before)[]} */ (Object.keys(before))
console.log(table(names.map((name) => ({ '': name, before: before[name], after: after[name] }))))
/** @type {Map<string, string[]>} */
const kinds = new Map()
for (const line of [...wrong, ...mishaps, ...accounts.wrong]) {
  const kind = line.replaceAll(/seed \d+/g, 'seed')
  kinds.set(kind, [...(kinds.get(kind) ?? []), line])
}
console.log(
  `\n${Math.round(CONNECTIONS / seconds)} connections a second; the longest stall of the event loop took ${Math.round(stalls.max / 1e6)} ms`,
)
for (const lines of kinds.values()) console.log(`\n! ${lines.length} times: ${lines[0]}`)

/** @type {import('../internal/report.mjs').Check[]} */
const checks = names
  .filter((name) => name !== 'heapUsed')
  .map((name) => ({
    name: `${name} left`,
    value: Number(after[name]) - Number(before[name]),
    bound: '<= 0',
    holds: after[name] <= before[name],
  }))
const heapEach = Math.round((after.heapUsed - before.heapUsed) / CONNECTIONS)
checks.push({ name: 'heap left per connection, bytes', value: heapEach, bound: '<= 100', holds: heapEach <= 100 })
checks.push({ name: 'endings other than expected', value: wrong.length, bound: '0', holds: wrong.length === 0 })
checks.push({
  name: 'accepted connections without exactly one Closed, the last event',
  value: accounts.wrong.length + accepted - accounts.closed,
  bound: '0',
  holds: accounts.wrong.length === 0 && accepted === accounts.closed,
})
checks.push({
  name: 'exceptions, rejections, warnings',
  value: mishaps.length,
  bound: '0',
  holds: mishaps.length === 0,
})
const drained = await inTime(servers.stop(), 'drain')
checks.push({ name: 'connections left to a drain', value: drained, bound: '0', holds: drained === 0 })
conclude('churn', checks, {
  seed: SEED,
  connections: CONNECTIONS,
  accepted,
  longestStallMs: Math.round(stalls.max / 1e6),
  perSecond: Math.round(CONNECTIONS / seconds),
  before,
  after,
  causes: Object.fromEntries(rows.map(({ ending, causes: text }) => [ending, text])),
})
// whatever still keeps the process alive now is a leak: it must end by itself
setTimeout(() => {
  console.error(`the process does not end: ${process.getActiveResourcesInfo().join(' ')}`)
  process.exit(1)
}, 5000).unref()
