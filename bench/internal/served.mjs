// What every server of the throughput bench shares: which framing it serves, how it says where, and what it answers
// about itself. Alone it prints `LISTENING <port>` and ends after MAX_SECS, so that another harness can drive it.
import { say } from './children.mjs'

/** @type {string} */
export const mode = process.argv[2] ?? 'lines'
export const port = Number(process.env['PORT'] ?? 0)
export const HOST = '127.0.0.1'
/** As many connections may wait to be accepted as the largest case opens at once. */
export const BACKLOG = 4096
/** The most bytes of a frame, in every server that has a limit. */
export const MAX_FRAME_BYTES = 1024 * 1024

/** @param {number | undefined} bound */
export const announce = (bound) => {
  if (process.connected) say({ tag: 'listening', port: bound })
  else console.log(`LISTENING ${bound}`)
}

/** @param {string} what */
export const notServed = (what) => {
  console.error(`not served: ${what}`)
  process.exit(64)
}

/**
 * Picks what serves the mode; a mode that is not served ends the process.
 *
 * @template A
 * @param {Readonly<Record<string, A>>} servers
 * @returns {A}
 */
export const chosen = (servers) => {
  const found = servers[mode]
  if (found === undefined) notServed(mode)
  return /** @type {A} */ (found)
}

export const figures = () => {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  return { user, system, rss, heapUsed, peak: process.resourceUsage().maxRSS * 1024 }
}

process.on('message', (/** @type {any} */ message) => {
  if (message.tag === 'collect') /** @type {undefined | (() => void)} */ (Reflect.get(globalThis, 'gc'))?.()
  if (message.tag === 'figures' || message.tag === 'collect') say({ tag: 'figures', ...figures() })
})
process.on('disconnect', () => process.exit(0))
setTimeout(() => process.exit(0), Number(process.env['MAX_SECS'] ?? 150) * 1000).unref()
