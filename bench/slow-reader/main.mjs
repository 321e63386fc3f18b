// A fast sender, a proxy, a slow reader: how far does the proxy grow? See ../README.md.
//   node bench/slow-reader/main.mjs [--mb 1024] [--connections 4] [--slow-s 8] [--kb-per-s 256]
import { start } from '../internal/children.mjs'
import { conclude, mib, option, table } from '../internal/report.mjs'
import { LONGEST_LINE } from './stream.mjs'

const KIB = 1024
const MIB = 1024 * KIB
const BYTES = option('mb', 1024) * MIB
const CONNECTIONS = option('connections', 4)
const SLOW_MS = option('slow-s', 8) * 1000
const BYTES_PER_SECOND = option('kb-per-s', 256) * KIB
const WARM_UP_BYTES = 64 * MIB
const PASS_MS = 120_000
const HELD_EVERY_MS = 500

/** The defaults of Sluice, which the proxy runs with. */
const HIGH_WATER_MARK = 64 * KIB
const LARGEST_CHUNK = 64 * KIB
/** What the issue allows a connection; each pair has one that is read and one that is written. */
const ALLOWED = CONNECTIONS * (HIGH_WATER_MARK + 256 * KIB)

/** @typedef {'fast' | 'slow-then-fast' | 'slow-then-cut'} Mode */

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * One proxy process, warmed up, through one measured pass.
 *
 * @param {string} proxyName
 * @param {Mode} mode
 */
const run = async (proxyName, mode) => {
  console.error(`${proxyName}, ${mode} …`)
  const reader = start(new URL('reader.mjs', import.meta.url).href)
  const { port: readerPort } = await reader.hear('listening')
  const proxy = start(new URL(`proxy-${proxyName}.mjs`, import.meta.url).href, {
    args: [readerPort],
    execArgv: ['--expose-gc'],
  })
  const { port } = await proxy.hear('listening')
  const sender = start(new URL('sender.mjs', import.meta.url).href)
  /**
   * @param {Mode} passMode
   * @param {number} bytes
   */
  const begin = async (passMode, bytes) => {
    const hashed = passMode === 'slow-then-fast'
    reader.tell({
      tag: 'pass',
      mode: passMode,
      slowMs: SLOW_MS,
      bytesPerSecond: BYTES_PER_SECOND,
      connections: CONNECTIONS,
      hashed,
    })
    await reader.hear('ready')
    proxy.tell({ tag: 'begin' })
    await proxy.hear('begun')
    sender.tell({ tag: 'offer', port, connections: CONNECTIONS, bytes, hashed })
  }
  const report = async () => {
    proxy.tell({ tag: 'report' })
    return proxy.hear('report')
  }
  const finish = async () => {
    const read = await reader.hear('read', PASS_MS)
    const sent = await sender.hear('offered', PASS_MS)
    return { read, sent }
  }
  try {
    await begin('fast', WARM_UP_BYTES)
    await finish()
    await begin(mode, BYTES)
    const done = finish()
    done.catch(() => undefined)
    // what is held is looked at now and then: the collections it takes would slow the process down
    const lookUntil = Date.now() + SLOW_MS - HELD_EVERY_MS
    let whileSlow = null
    while (mode !== 'fast' && Date.now() < lookUntil) {
      await sleep(HELD_EVERY_MS)
      whileSlow = await report()
    }
    const { read, sent } = await done
    await sleep(200)
    const last = await report()
    const peaks = (whileSlow ?? last).peak
    return { proxy: proxyName, mode, base: last.base, peaks, last, read, sent }
  } finally {
    reader.end()
    proxy.end()
    sender.end()
  }
}

/** @typedef {Awaited<ReturnType<typeof run>>} Run */

/** @param {Run} one */
const row = ({ proxy, mode, base, peaks, last, read, sent }) => ({
  proxy,
  reader: mode,
  'offered MiB': mib(sent.offered),
  'taken MiB': mib(sum(sent.results, 'taken')),
  'read MiB': mib(sum(read.results, 'verified')),
  'RSS before': mib(base.rss),
  'RSS peak': mib(peaks.rss),
  'RSS after': mib(last.now.rss),
  'RSS grew': mib(peaks.rss - base.rss),
  'held grew': mib((peaks.held ?? 0) - base.held),
  'buffers peak': mib(peaks.arrayBuffers),
  'unsent KiB': Math.round((peaks.unsent ?? 0) / 102.4) / 10,
  s: Math.round(read.ms / 100) / 10,
})

/**
 * @param {readonly Record<string, any>[]} results
 * @param {string} field
 */
const sum = (results, field) => results.reduce((total, result) => total + result[field], 0)

/** @param {Run} one */
const isRight = ({ read }) => read.results.every((/** @type {any} */ one) => one.wrongAt === -1)

/** @param {Run} one */
const isWhole = ({ read, sent }) =>
  read.results.every((/** @type {any} */ one) => {
    const offered = sent.results.find((/** @type {any} */ other) => other.stream === one.stream)
    return one.ended && offered?.broken === '' && (one.hash === undefined || one.hash === offered.hash)
  })

const control = await run('sluice', 'fast')
const whole = await run('sluice', 'slow-then-fast')
const cut = await run('sluice', 'slow-then-cut')
const byHand = await run('net', 'slow-then-cut')
const naive = await run('naive', 'slow-then-cut')
const runs = [control, whole, cut, byHand, naive]

console.log(
  `${CONNECTIONS} connections, ${mib(BYTES)} MiB offered in all; a slow reader takes ${BYTES_PER_SECOND / KIB} KiB/s`,
)
console.log(`of each for ${SLOW_MS / 1000} s. Memory in MiB; "held" is what a collection leaves (heap and external).\n`)
console.log(table(runs.map(row)))

/** @param {Run} one */
const rssGrowth = (one) => one.peaks.rss - one.base.rss
/** @param {Run} one */
const heldGrowth = (one) => one.peaks.held - one.base.held

/** What a process grows by whatever it does: code and caches; and of RSS, the young generation it fills first. */
const HELD_NOISE = MIB
const RSS_NOISE = 16 * MIB
const unsentBound = HIGH_WATER_MARK + LONGEST_LINE

/** @type {import('../internal/report.mjs').Check[]} */
const checks = []
/**
 * @param {string} name
 * @param {number} value
 * @param {number} bound
 */
const atMost = (name, value, bound) =>
  checks.push({ name, value: mib(value), bound: `<= ${mib(bound)} MiB`, holds: value <= bound })

for (const one of [whole, cut]) {
  const name = `sluice, ${one.mode}`
  atMost(`${name}: held grew`, heldGrowth(one), ALLOWED + HELD_NOISE)
  atMost(`${name}: RSS grew`, rssGrowth(one), ALLOWED + RSS_NOISE)
}
for (const one of [control, whole, cut]) {
  const unsent = Math.max(one.peaks.unsent ?? 0, one.last.peak.unsent ?? 0)
  const undecoded = Math.max(one.peaks.undecoded ?? 0, one.last.peak.undecoded ?? 0)
  atMost(`sluice, ${one.mode}: unsent of one connection`, unsent, unsentBound)
  atMost(`sluice, ${one.mode}: read and not decoded, one connection`, undecoded, LARGEST_CHUNK + LONGEST_LINE)
}
for (const one of runs) {
  checks.push({
    name: `${one.proxy}, ${one.mode}: every byte read is right`,
    value: mib(sum(one.read.results, 'verified')),
    bound: 'all',
    holds: isRight(one),
  })
}
for (const one of [control, whole]) {
  checks.push({
    name: `${one.proxy}, ${one.mode}: all arrived, then FIN${one === whole ? ', and the hash is right' : ''}`,
    value: mib(sum(one.read.results, 'verified')),
    bound: `${mib(one.sent.offered)} and quotes`,
    holds: isWhole(one),
  })
}
// a measurement that could not see memory grow would prove nothing
checks.push({
  name: 'naive grows (the measurement sees it)',
  value: mib(rssGrowth(naive)),
  bound: `> ${mib(10 * ALLOWED)} MiB`,
  holds: rssGrowth(naive) > 10 * ALLOWED,
})
conclude('slow-reader', checks, {
  connections: CONNECTIONS,
  runs: runs.map((one) => ({ ...row(one), base: one.base, peaks: one.peaks, after: one.last.now })),
})
process.exit()
