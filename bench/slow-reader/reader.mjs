// Reads what the proxies write: fast, or slowly for some time and then fast or not at all.
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { obey, say } from '../internal/children.mjs'
import { Verifier } from './stream.mjs'

const TICK_MS = 50

/** @type {{ mode: 'fast' | 'slow-then-fast' | 'slow-then-cut', slowMs: number, bytesPerSecond: number, connections: number, hashed: boolean }} */
let pass = { mode: 'fast', slowMs: 0, bytesPerSecond: 0, connections: 1, hashed: false }
/** @type {object[]} */
let results = []
let began = 0

const server = createServer({ allowHalfOpen: true, highWaterMark: 16 * 1024 }, (socket) => {
  const { mode, slowMs, bytesPerSecond, connections, hashed } = pass
  const verifier = new Verifier()
  const hash = hashed ? createHash('sha256') : null
  const since = performance.now()
  let whileSlow = 0
  let ended = false
  let slow = mode !== 'fast'
  socket.on('data', (chunk) => {
    verifier.push(chunk)
    hash?.update(chunk)
    if (!slow) return
    whileSlow += chunk.length
    if (whileSlow > ((performance.now() - since) / 1000) * bytesPerSecond) socket.pause()
  })
  const ticks = setInterval(() => {
    if (slow && whileSlow <= ((performance.now() - since) / 1000) * bytesPerSecond) socket.resume()
  }, TICK_MS)
  const slowEnds = setTimeout(() => {
    slow = false
    if (mode === 'slow-then-cut') socket.resetAndDestroy()
    else socket.resume()
  }, slowMs)
  socket.on('end', () => {
    ended = true
    socket.end()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearInterval(ticks)
    clearTimeout(slowEnds)
    const { stream, verified, wrongAt } = verifier
    results.push({ stream, verified, wrongAt, ended, whileSlow, hash: hash?.digest('hex') })
    if (results.length === connections) say({ tag: 'read', results, ms: performance.now() - began })
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  say({ tag: 'listening', port: typeof address === 'object' ? address?.port : 0 })
})

obey({
  pass(message) {
    pass = message
    results = []
    began = performance.now()
    say({ tag: 'ready' })
  },
})
