import { median, shown, spread } from '../internal/numbers.mjs'

/** What everything is measured against. */
const ANCHOR = 'net-optimised'
const MIB = 1024 * 1024

/** @typedef {import('./sample.mjs').Sample & { round: number, case: string, peer: string, node: string }} Row */

/** @param {Row} row */
const perCpuSecond = (row) => row.work / row.cpuSeconds

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
const markdown = (head, rows) =>
  [
    `| ${head.join(' | ')} |`,
    `| ${head.map((_, i) => (i === 0 ? '---' : '---:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n')

/**
 * Ratios of one peer's samples to the anchor's of the same round.
 *
 * @param {readonly Row[]} rows
 * @param {readonly Row[]} anchors
 * @param {(row: Row) => number} figure
 */
const ratios = (rows, anchors, figure) =>
  rows.flatMap((row) => {
    const anchor = anchors.find((one) => one.round === row.round)
    return anchor === undefined ? [] : [figure(row) / figure(anchor)]
  })

/** @param {readonly Row[]} rows @param {(row: Row) => number | undefined} figure */
const mid = (rows, figure) => median(rows.flatMap((row) => figure(row) ?? []))

/**
 * The table of one case, the fastest first.
 *
 * @param {import('./cases.mjs').Case} given
 * @param {readonly Row[]} rows
 */
const tableOf = (given, rows) => {
  const peers = [...new Set(rows.map((row) => row.peer))]
  const of = (/** @type {string} */ peer) => rows.filter((row) => row.peer === peer)
  const anchor = peers.includes(ANCHOR) ? ANCHOR : (peers[0] ?? ANCHOR)
  const named = (/** @type {string} */ peer) => {
    const wrong = of(peer).reduce((sum, row) => sum + row.wrong, 0)
    return wrong === 0 ? peer : `${peer} (${wrong} errors)`
  }
  if (given.kind === 'idle') {
    const lines = peers.map((peer) => [
      named(peer),
      shown(mid(of(peer), (row) => row.rssEach) / 1024),
      shown(median(ratios(of(peer), of(anchor), (row) => row.rssEach ?? NaN))),
      shown(mid(of(peer), (row) => row.heapEach) / 1024),
    ])
    return markdown(['peer', 'RSS each, KiB', 'ratio', 'heap each, KiB'], lines)
  }
  if (given.kind === 'flood') {
    const lines = peers.map((peer) => [
      named(peer),
      shown(mid(of(peer), (row) => row.work)),
      shown(mid(of(peer), (row) => row.grown) / MIB),
      shown(mid(of(peer), (row) => row.peak) / MIB),
    ])
    return markdown(['peer', 'taken from the sender, MiB', 'RSS grew, MiB', 'RSS at most, MiB'], lines)
  }
  const sorted = peers.sort((a, b) => mid(of(b), perCpuSecond) - mid(of(a), perCpuSecond))
  const lines = sorted.map((peer) => [
    named(peer),
    shown(mid(of(peer), perCpuSecond)),
    shown(median(ratios(of(peer), of(anchor), perCpuSecond))),
    `±${spread(ratios(of(peer), of(anchor), perCpuSecond))} %`,
    shown(mid(of(peer), (row) => row.work / row.seconds)),
    ...(given.depth === 1 ? [shown(mid(of(peer), (row) => row.p50)), shown(mid(of(peer), (row) => row.p99))] : []),
    shown(mid(of(peer), (row) => row.peak) / MIB),
  ])
  const latency = given.depth === 1 ? ['p50, µs', 'p99, µs'] : []
  const head = ['peer', `${given.unit} per CPU-second`, 'ratio', 'spread', `${given.unit} per second`]
  return markdown([...head, ...latency, 'RSS at most, MiB'], lines)
}

/**
 * @param {readonly Row[]} rows
 * @param {Readonly<Record<string, import('./cases.mjs').Case>>} cases
 */
export const report = (rows, cases) =>
  Object.entries(cases).flatMap(([name, given]) => {
    const nodes = [...new Set(rows.filter((row) => row.case === name).map((row) => row.node))]
    return nodes.flatMap((node) => {
      const some = rows.filter((row) => row.case === name && row.node === node)
      const rounds = new Set(some.map((row) => row.round)).size
      return ['', `### ${name}: ${given.title}`, '', `Node ${node}, ${rounds} rounds.`, '', tableOf(given, some)]
    })
  })
