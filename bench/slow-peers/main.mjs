// Hundreds of peers that send a byte now and then and never finish a line, and one that behaves: are they put out at
// the frame clock, and does the healthy one notice? See ../README.md.
//   node bench/slow-peers/main.mjs [--peers 500] [--frame-ms 2000] [--every-ms 100]
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { performance } from 'node:perf_hooks'
import { start } from '../internal/children.mjs'
import { conclude, option, table } from '../internal/report.mjs'

const PEERS = option('peers', 500)
const FRAME_MS = option('frame-ms', 2000)
const EVERY_MS = option('every-ms', 100)

const server = start(new URL('server.mjs', import.meta.url).href)
server.tell({ tag: 'listen', frameMs: FRAME_MS })
const { port } = await server.hear('listening')

const dial = async () => {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/**
 * One line there and back, in milliseconds.
 *
 * @param {import('node:net').Socket} socket
 */
const roundTrip = async (socket) => {
  const began = performance.now()
  socket.write('hello\n')
  await once(socket, 'data')
  return performance.now() - began
}

const healthy = await dial()
/** @type {number[]} */
const before = []
/** @type {number[]} */
const during = []
for (let i = 0; i < 500; i++) before.push(await roundTrip(healthy))

const peers = await Promise.all(Array.from({ length: PEERS }, dial))
/** How long each of them is borne with, from its first byte to its end. */
/** @type {number[]} */
const lasted = []
for (const peer of peers) {
  const began = performance.now()
  peer.resume()
  peer.write('x')
  const drip = setInterval(() => peer.write('x'), EVERY_MS)
  peer.once('close', () => {
    clearInterval(drip)
    lasted.push(performance.now() - began)
  })
}
while (lasted.length < PEERS) {
  during.push(await roundTrip(healthy))
  await new Promise((resolve) => setTimeout(resolve, 2))
}
healthy.end()
/** @type {string[]} */
const causes = []
for (let i = 0; i <= PEERS; i++) {
  const { cause } = await server.hear('closed')
  causes.push(cause.clock ?? cause._tag)
}
server.end()

/** @param {number[]} all */
const spread = (all) => {
  const sorted = [...all].sort((a, b) => a - b)
  /** @param {number} part */
  const at = (part) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2)
  return { least: at(0), median: at(0.5), p99: at(0.99), most: at(1) }
}
const rows = [
  { 'in milliseconds': 'a slow peer, from its first byte to its end', ...spread(lasted) },
  { 'in milliseconds': 'a round trip of the healthy one, before', ...spread(before) },
  { 'in milliseconds': 'a round trip of the healthy one, meanwhile', ...spread(during) },
]
console.log(table(rows))

const put = causes.filter((cause) => cause === 'frame').length
const inTime = lasted.filter((ms) => ms > 0.9 * FRAME_MS && ms < 1.1 * FRAME_MS).length
const well = causes.filter((cause) => cause === 'Finished').length
conclude(
  'slow-peers',
  [
    { name: 'put out by the frame clock', value: put, bound: `all ${PEERS}`, holds: put === PEERS },
    { name: 'within 10 % of it', value: inTime, bound: `all ${PEERS}`, holds: inTime === PEERS },
    { name: 'the healthy one ended well', value: well, bound: '1', holds: well === 1 },
  ],
  { peers: PEERS, frameMs: FRAME_MS, rows },
)
