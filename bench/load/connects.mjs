// Load: so many at once connect, have one line echoed, and end.
import { connect } from 'node:net'
import { obey, say } from '../internal/children.mjs'

/** @type {{ port: number, size: number, connections: number }} */
const { port, size, connections } = JSON.parse(process.argv[2] ?? '{}')
const line = Buffer.alloc(size, 'x')
line[size - 1] = 10
const shared = Buffer.allocUnsafeSlow(64 * 1024)
let done = 0
let wrong = 0

const one = () => {
  let got = 0
  const take = (/** @type {number} */ bytes) => {
    got += bytes
    if (got >= size) socket.end()
    return true
  }
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: shared, callback: take } })
  socket.on('connect', () => socket.write(line))
  socket.on('error', () => wrong++)
  socket.on('close', () => {
    if (got === size) done++
    else wrong++
    one()
  })
}

for (let i = 0; i < connections; i++) one()
let began = 0
obey({
  begin: () => {
    done = 0
    began = performance.now()
  },
  end: () => say({ tag: 'end', work: done, seconds: (performance.now() - began) / 1000, wrong }),
})
say({ tag: 'ready' })
