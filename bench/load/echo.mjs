// Load: so many connections with so many frames in flight each, sent on from a prepared ring; every byte that comes back
// is compared with it. As cheap as it can be made in Node, so that the server is what is measured.
import { connect } from 'node:net'
import { obey, say } from '../internal/children.mjs'
import { histogram } from '../internal/numbers.mjs'
import { ring } from '../internal/ring.mjs'

/** @type {{ port: number, framing: 'lines' | 'len32' | 'bulk', size: number, connections: number, depth: number }} */
const { port, framing, size, connections, depth } = JSON.parse(process.argv[2] ?? '{}')
const frames = ring(framing, size)
const shared = Buffer.allocUnsafeSlow(256 * 1024)
const times = histogram()
let received = 0
let wrong = 0

const open = () =>
  new Promise((resolve, reject) => {
    let sent = 0
    let got = 0
    let answered = 0
    let sentAt = 0
    const send = (/** @type {number} */ bytes) => {
      // a piece goes round the ring once at most
      for (let left = bytes; left > 0; left -= frames.bytes) {
        const now = Math.min(left, frames.bytes)
        socket.write(frames.view(sent, now))
        sent += now
      }
    }
    /** @param {number} bytes */
    const take = (bytes) => {
      if (!frames.holds(shared, bytes, got)) wrong++
      got += bytes
      received += bytes
      const whole = framing === 'bulk' ? got : got - (got % frames.frame)
      if (whole === answered) return true
      if (depth === 1) {
        const now = performance.now()
        times.add((now - sentAt) * 1000)
        sentAt = now
      }
      send(whole - answered)
      answered = whole
      return true
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: shared, callback: take } })
    socket.on('error', reject)
    socket.on('connect', () => {
      resolve(() => {
        sentAt = performance.now()
        send(depth * frames.frame)
      })
    })
  })

/** @type {(() => void)[]} */
const begin = []
while (begin.length < connections) {
  const some = Math.min(200, connections - begin.length)
  begin.push(...(await Promise.all(Array.from({ length: some }, open))))
}
for (const one of begin) one()
let began = 0
obey({
  begin: () => {
    received = 0
    times.clear()
    began = performance.now()
  },
  end: () => {
    const seconds = (performance.now() - began) / 1000
    const work = framing === 'bulk' ? received / 1e6 : received / frames.frame
    say({ tag: 'end', work, seconds, wrong, p50: times.at(0.5), p99: times.at(0.99) })
  },
})
say({ tag: 'ready' })
