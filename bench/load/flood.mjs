// Load: lines are sent as fast as they are taken, and the echo is read slowly, or not at all; in the end it is read to
// its last byte, if it was read at all.
import { connect } from 'node:net'
import { obey, say } from '../internal/children.mjs'
import { ring } from '../internal/ring.mjs'

const KIB = 1024
/** @type {{ port: number, size: number, connections: number, mb: number, ms: number, bytesPerTick: number }} */
const { port, size, connections, mb, ms, bytesPerTick } = JSON.parse(process.argv[2] ?? '{}')
const TICK_MS = 20
const PIECE = 64 * KIB
const frames = ring('lines', size)
const most = (mb * KIB * KIB) / connections
let wrong = 0

const open = () =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const one = { socket, sent: 0, got: 0 }
    socket.pause()
    socket.on('error', reject)
    socket.on('connect', () => resolve(one))
  })

/** @param {any} one */
const flood = (one) => {
  const { socket } = one
  const more = () => {
    while (!one.stopped && one.sent < most) {
      const taken = socket.write(frames.view(one.sent, PIECE))
      one.sent += PIECE
      if (!taken) return
    }
  }
  socket.on('drain', more)
  more()
}

/** @param {any} one @param {Buffer} chunk */
const check = (one, chunk) => {
  if (!frames.holds(chunk, chunk.length, one.got)) wrong++
  one.got += chunk.length
}

/** @param {any} one */
const readSlowly = (one) => {
  // a little at a time is taken out of what Node has read ahead
  setInterval(() => {
    if (one.stopped) return
    const chunk = one.socket.read(bytesPerTick) ?? one.socket.read()
    if (chunk !== null) check(one, chunk)
  }, TICK_MS).unref()
}

obey({})
const all = await Promise.all(Array.from({ length: connections }, open))
say({ tag: 'begin' })
for (const one of all) {
  if (bytesPerTick > 0) readSlowly(one)
  flood(one)
}
setTimeout(() => {
  for (const one of all) one.stopped = true
  const sent = () => all.reduce((sum, one) => sum + one.sent, 0)
  const accepted = sent() - all.reduce((sum, one) => sum + one.socket.writableLength, 0)
  const end = () => say({ tag: 'end', work: accepted / KIB / KIB, seconds: ms / 1000, wrong })
  if (bytesPerTick === 0) {
    end()
    return
  }
  say({ tag: 'draining' })
  // all that was sent comes back, whole lines and the rest of the last one
  for (const one of all) one.socket.on('data', (/** @type {Buffer} */ chunk) => check(one, chunk)).resume()
  const began = performance.now()
  const timer = setInterval(() => {
    const whole = (/** @type {number} */ bytes) => bytes - (bytes % size)
    const back = all.every((one) => one.got === whole(one.sent))
    if (!back && performance.now() - began < 20_000) return
    if (!back) wrong++
    clearInterval(timer)
    end()
  }, 20)
}, ms)
