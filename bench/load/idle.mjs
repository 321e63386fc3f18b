// Load: many connections that have one line echoed and then are quiet.
import { connect } from 'node:net'
import { obey, say } from '../internal/children.mjs'

/** @type {{ port: number, size: number, connections: number }} */
const { port, size, connections } = JSON.parse(process.argv[2] ?? '{}')
const line = Buffer.alloc(size, 'x')
line[size - 1] = 10
const shared = Buffer.allocUnsafeSlow(64 * 1024)
const AT_ONCE = 100

const open = () =>
  new Promise((resolve, reject) => {
    let got = 0
    const take = (/** @type {number} */ bytes) => {
      got += bytes
      if (got === size) resolve(undefined)
      return true
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: shared, callback: take } })
    socket.on('connect', () => socket.write(line))
    socket.on('error', reject)
  })

const openAll = async (/** @type {number} */ count) => {
  for (let i = 0; i < count; i += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, open))
}

obey({
  open: async () => {
    const began = performance.now()
    await openAll(connections)
    say({ tag: 'end', work: connections, seconds: (performance.now() - began) / 1000, wrong: 0 })
  },
})
// what a process makes once is no part of a connection
await openAll(200)
say({ tag: 'begin' })
