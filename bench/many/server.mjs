// One server with many connections: says what they cost. Started by main.mjs, with the kind of server as its argument.
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { map, tap } from 'rxjs'
import { lines, listen, serve } from 'sluice'
import { obey, say } from '../internal/children.mjs'

const BACKLOG = 4096

/** Echoes lines with `node:net` alone: the least that keeps lines whole, and half-close. */
const plain = () => {
  let live = 0
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    live++
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      const all = (rest + text).split('\n')
      rest = all.pop() ?? ''
      if (all.length !== 0) socket.write(`${all.join('\n')}\n`)
    })
    socket.on('end', () => socket.end())
    socket.on('error', () => undefined)
    socket.on('close', () => live--)
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
    const address = server.address()
    say({ tag: 'listening', port: typeof address === 'object' ? address?.port : 0 })
  })
  return () => live
}

/** The same with Sluice: with its limits, clocks, backpressure and drain. */
const sluice = () => {
  let live = () => 0
  listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG })
    .pipe(
      tap((listener) => {
        live = () => listener.live
        say({ tag: 'listening', port: listener.address.port })
      }),
      serve(
        lines(),
        map((line) => line),
      ),
    )
    .subscribe()
  return () => live()
}

const live = process.argv[2] === 'net' ? plain() : sluice()

const gc = /** @type {undefined | (() => void)} */ (Reflect.get(globalThis, 'gc'))

/** Processor time so far, in milliseconds. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

obey({
  /** What is there, once `count` connections are. */
  measure: async ({ count }) => {
    while (live() !== count) await sleep(5)
    await sleep(500)
    // what was garbage before the first collection may be only garbage's garbage after it
    for (let i = 0; i < 3; i++) {
      gc?.()
      await sleep(50)
    }
    const { heapUsed, rss, external, arrayBuffers } = process.memoryUsage()
    say({
      tag: 'measured',
      heap: heapUsed,
      rss,
      external: external + arrayBuffers,
      cpuMs: cpuMs(),
      descriptors: readdirSync('/proc/self/fd').length,
    })
  },
  /** Answers when so many are there. */
  await: async ({ count }) => {
    while (live() !== count) await sleep(1)
    say({ tag: 'there', cpuMs: cpuMs() })
  },
})
