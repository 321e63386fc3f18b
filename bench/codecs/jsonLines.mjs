import { jsonLines } from 'sluice'
import ndjson from 'ndjson'
import split2 from 'split2'

const CHUNK = 64 * 1024
const LINES = 20_000

const TEXT = 'connection from 192.0.2.17 port 51034 closed by the peer; '

/** Messages of three kinds in turn, as a service sends them: an answer, a call, an entry of a log. */
const message = (/** @type {number} */ i) => {
  if (i % 3 === 0) return { id: i, result: true }
  if (i % 3 === 1)
    return { id: i, method: 'publish', params: { topic: `sensor/${i % 97}`, value: i / 8, tags: ['a', 'b'] } }
  return { id: i, method: 'log', params: { level: 'info', text: TEXT.repeat(1 + (i % 5)) } }
}

/** Those messages in chunks as a socket gives them. */
export const chunks = () => {
  const lines = Array.from({ length: LINES }, (_, i) => JSON.stringify(message(i)))
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  return Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, i) => bytes.subarray(i * CHUNK, (i + 1) * CHUNK))
}

/**
 * A stream of Node that is fed the chunks.
 *
 * @param {import('node:stream').Transform} stream
 * @param {readonly Uint8Array[]} all
 * @returns {Promise<number>} how many messages came
 */
const through = (stream, all) =>
  new Promise((resolve, reject) => {
    let count = 0
    stream.on('data', () => count++)
    stream.on('end', () => resolve(count))
    stream.on('error', reject)
    for (const chunk of all) stream.write(chunk)
    stream.end()
  })

/** @type {Record<string, (all: readonly Uint8Array[]) => number | Promise<number>>} */
export const READERS = {
  'Sluice jsonLines()': (all) => {
    const decoder = jsonLines().decoder()
    let count = 0
    for (const chunk of all) {
      const result = decoder.push(chunk, () => ++count > 0)
      if (result._tag === 'Left') throw result.left
    }
    return count
  },
  ndjson: (all) => through(ndjson.parse(), all),
  'split2 and JSON.parse': (all) => through(split2(JSON.parse), all),
}
export { LINES }
