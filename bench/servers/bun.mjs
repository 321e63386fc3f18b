// Bun.listen by hand: as net-optimised, with Bun's own sockets.
//   bun bench/servers/bun.mjs <lines|len32|bulk>
import { len32Reader, lineReader } from '../internal/byHand.mjs'
import { announce, chosen, HOST, port } from '../internal/served.mjs'

const OUT_BYTES = 4 * 1024 * 1024
// all answers to one chunk are made here, and what a socket does not take is copied for later
const out = Buffer.allocUnsafeSlow(OUT_BYTES)
let end = 0

/** @param {Uint8Array} line */
const answerLine = (line) => {
  out.set(line, end)
  end += line.length
  out[end++] = 10
}
/** @param {Uint8Array} payload */
const answerLen32 = (payload) => {
  out.writeUInt32BE(payload.length, end)
  out.set(payload, end + 4)
  end += 4 + payload.length
}

/** @type {Readonly<Record<string, () => (chunk: Buffer) => void>>} */
const readers = {
  lines: () => lineReader(answerLine),
  len32: () => len32Reader(answerLen32),
  bulk: () => (chunk) => {
    out.set(chunk, end)
    end += chunk.length
  },
}
const reading = chosen(readers)

/** @param {any} socket @param {Buffer} bytes */
const send = (socket, bytes) => {
  const { waiting } = socket.data
  const taken = waiting.length === 0 ? socket.write(bytes) : 0
  if (taken === bytes.length) return
  waiting.push(Buffer.from(bytes.subarray(taken)))
  socket.pause()
}

const Bun = Reflect.get(globalThis, 'Bun')
const listener = Bun.listen({
  hostname: HOST,
  port,
  socket: {
    open: (/** @type {any} */ socket) => {
      socket.data = { read: reading(), waiting: [] }
      socket.setNoDelay(true)
    },
    data: (/** @type {any} */ socket, /** @type {Buffer} */ chunk) => {
      end = 0
      socket.data.read(chunk)
      if (end !== 0) send(socket, out.subarray(0, end))
    },
    drain: (/** @type {any} */ socket) => {
      const { waiting } = socket.data
      while (waiting.length !== 0) {
        const taken = socket.write(waiting[0])
        if (taken < waiting[0].length) {
          waiting[0] = waiting[0].subarray(Math.max(0, taken))
          return
        }
        waiting.shift()
      }
      socket.resume()
    },
    error: (/** @type {any} */ socket) => socket.end(),
  },
})
announce(listener.port)
