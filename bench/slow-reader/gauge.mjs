// What every proxy shares: how it measures itself and answers the parent.
import { obey, say } from '../internal/children.mjs'

const SAMPLE_MS = 10

const gc = /** @type {() => void} */ (Reflect.get(globalThis, 'gc'))

/** Memory as it stands, garbage included. */
const now = () => {
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
  return { rss, heapUsed, external, arrayBuffers }
}

/** Memory that is held: what a collection leaves. The second one waits until the first has freed the buffers. */
const held = () => {
  gc()
  gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/**
 * The largest values seen since the last `begin`; proxies add their own.
 *
 * @type {Record<string, number>}
 */
let most = {}

/**
 * @param {string} name
 * @param {number} value
 */
export const sample = (name, value) => {
  if (value > (most[name] ?? 0)) most[name] = value
}

/** @param {{ everySample?: () => void }} [options] */
export const gauge = ({ everySample = () => undefined } = {}) => {
  let base = { ...now(), held: 0 }
  setInterval(() => {
    for (const [name, value] of Object.entries(now())) sample(name, value)
    everySample()
  }, SAMPLE_MS)
  obey({
    begin() {
      const before = held()
      base = { ...now(), held: before }
      most = {}
      say({ tag: 'begun' })
    },
    report() {
      const peak = { ...most }
      const after = now()
      const heldNow = held()
      sample('held', heldNow)
      say({ tag: 'report', base, peak: { ...peak, held: most.held }, now: { ...after, held: heldNow } })
    },
  })
}

/** The port of the reader. */
export const readerPort = Number(process.argv[2])

/** @param {number} port */
export const listening = (port) => {
  say({ tag: 'listening', port })
}
