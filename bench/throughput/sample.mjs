import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { start } from '../internal/children.mjs'

/**
 * @typedef {object} Sample
 * @property {number} work
 * @property {number} seconds
 * @property {number} cpuSeconds of the measured process
 * @property {number} wrong how often bytes were not what they had to be, or a connection broke
 * @property {number} [p50] in microseconds
 * @property {number} [p99]
 * @property {number} peak RSS in bytes
 * @property {number} [rssEach] in bytes, of a connection
 * @property {number} [heapEach]
 * @property {number} [grown] RSS, in bytes
 */

/** @typedef {{ warmMs: number, ms: number, node?: string }} Times CPU time of what is measured */
/** @typedef {ReturnType<typeof start>} Child */

/** Wall time is not waited for longer: others may have the cores. */
const MOST_MS = 20_000
const LOOK_MS = 50

/** Server and load each have a core where that can be had. */
const pins =
  availableParallelism() >= 2 && spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? { server: 0, load: 1 } : null

export const pinned = pins !== null

/**
 * @param {'server' | 'load' | null} core
 * @param {string} [runtime]
 * @param {string[]} [flags]
 */
const on = (core, runtime = process.execPath, flags = []) =>
  pins === null || core === null
    ? { execPath: runtime, execArgv: flags }
    : { execPath: 'taskset', execArgv: ['-c', String(pins[core]), runtime, ...flags] }

const load = (/** @type {string} */ name) => new URL(`../load/${name}.mjs`, import.meta.url).href
const client = (/** @type {string} */ name) => new URL(`../clients/${name}.mjs`, import.meta.url).href

/** @param {any} figures */
const cpu = (figures) => (figures.user + figures.system) / 1e6

/** @param {Child} child @param {string} tag @returns {Promise<any>} */
const ask = (child, tag) => {
  child.tell({ tag })
  return child.hear('figures', 30_000)
}

/**
 * Waits until a process has used so much CPU time: each is as warm, and measured as long, as the others.
 *
 * @param {Child} child
 * @param {number} from seconds it had used before
 * @param {number} ms
 */
const used = async (child, from, ms) => {
  const until = performance.now() + MOST_MS
  while (performance.now() < until && (cpu(await ask(child, 'figures')) - from) * 1000 < ms) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/**
 * Warms up, then counts what `loading` does while `measured` uses a given CPU time.
 *
 * @param {Child} loading
 * @param {Child} measured
 * @param {Times} times
 * @returns {Promise<Sample>}
 */
const counted = async (loading, measured, { warmMs, ms }) => {
  await loading.hear('ready', 60_000)
  await used(measured, cpu(await ask(measured, 'figures')), warmMs)
  loading.tell({ tag: 'begin' })
  const before = await ask(measured, 'figures')
  await used(measured, cpu(before), ms)
  loading.tell({ tag: 'end' })
  const after = await ask(measured, 'figures')
  const { tag, ...end } = await loading.hear('end', 30_000)
  return { ...end, cpuSeconds: cpu(after) - cpu(before), peak: after.peak }
}

/**
 * One server, fresh, under one load.
 *
 * @param {import('./cases.mjs').Case} given
 * @param {import('./peers.mjs').Peer} peer
 * @param {Times} times
 * @returns {Promise<Sample>}
 */
export const sampleServer = async (given, peer, times) => {
  const isNode = peer.runtime === undefined
  const server = start(peer.file, {
    args: [peer.mode ?? given.framing],
    silent: true,
    env: peer.env,
    ...on(peer.spreads ? null : 'server', peer.runtime ?? times.node, isNode ? ['--expose-gc'] : []),
  })
  try {
    const { port } = await server.hear('listening', 20_000)
    const loading = start(load(given.kind), {
      args: [JSON.stringify({ ...given, port, ms: times.ms })],
      ...on('load'),
    })
    try {
      if (given.kind === 'idle') return await idle(server, loading)
      if (given.kind === 'flood') return await flood(server, loading)
      return await counted(loading, server, times)
    } finally {
      loading.end()
    }
  } finally {
    server.end()
  }
}

/** @param {Child} server @param {Child} loading @returns {Promise<Sample>} */
const idle = async (server, loading) => {
  await loading.hear('begin', 60_000)
  const before = await ask(server, 'collect')
  loading.tell({ tag: 'open' })
  const { tag, ...end } = await loading.hear('end', 120_000)
  const after = await ask(server, 'collect')
  return {
    ...end,
    cpuSeconds: cpu(after) - cpu(before),
    peak: after.peak,
    rssEach: (after.rss - before.rss) / end.work,
    heapEach: (after.heapUsed - before.heapUsed) / end.work,
  }
}

/** @param {Child} server @param {Child} loading @returns {Promise<Sample>} */
const flood = async (server, loading) => {
  await loading.hear('begin', 60_000)
  const before = await ask(server, 'figures')
  let highest = before.rss
  /** @type {any} */
  let message = null
  const ending = loading.hear('end', 60_000).then((heard) => (message = heard))
  while (message === null) {
    highest = Math.max(highest, (await ask(server, 'figures')).rss)
    await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, LOOK_MS))])
  }
  const after = await ask(server, 'figures')
  const { tag, ...end } = message
  return { ...end, cpuSeconds: cpu(after) - cpu(before), peak: after.peak, grown: highest - before.rss }
}

/**
 * One client, fresh, of the echo server by hand.
 *
 * @param {import('./cases.mjs').Case} given
 * @param {string} name
 * @param {import('./peers.mjs').Peer} echo
 * @param {Times} times
 * @returns {Promise<Sample>}
 */
export const sampleClient = async (given, name, echo, times) => {
  const server = start(echo.file, { args: [given.framing], silent: true, ...on('load') })
  try {
    const { port } = await server.hear('listening', 20_000)
    const asking = start(client(name), {
      args: [JSON.stringify({ ...given, port })],
      silent: true,
      ...on('server', times.node),
    })
    try {
      return await counted(asking, asking, times)
    } finally {
      asking.end()
    }
  } finally {
    server.end()
  }
}
