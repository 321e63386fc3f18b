// Many clients with node:net: they come, say a line and hear it, keep silent, and go, all when they are told.
import { connect } from 'node:net'
import { obey, say } from '../internal/children.mjs'

const [port = 0, count = 0, atOnce = 0] = process.argv.slice(2).map(Number)
const LINE = 'hello\n'

/** @type {import('node:net').Socket[]} */
const sockets = []
let [broken, wrong] = [0, 0]

/**
 * Does something `count` times, so many at once: a burst beyond what the kernel queues would measure its waits of
 * 1, 3 and 7 s before it asks again.
 *
 * @param {(i: number, done: () => void) => void} what
 */
const all = async (what) => {
  const began = performance.now()
  let next = 0
  const worker = async () => {
    while (next < count) await new Promise((resolve) => what(next++, () => resolve(true)))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  say({ tag: 'done', ms: performance.now() - began, wrong, broken })
}

obey({
  open: () =>
    all((i, done) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, done)
      socket.on('error', () => broken++)
      sockets[i] = socket
    }),
  echo: () =>
    all((i, done) => {
      sockets[i]?.once('data', (bytes) => {
        if (String(bytes) !== LINE) wrong++
        done()
      })
      sockets[i]?.write(LINE)
    }),
  close: () =>
    all((i, done) => {
      sockets[i]?.once('close', done)
      sockets[i]?.resume().end()
    }),
})
