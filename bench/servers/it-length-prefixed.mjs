// it-length-prefixed with a length of four bytes, over the async iteration of a socket.
//   node bench/servers/it-length-prefixed.mjs len32
import { once } from 'node:events'
import { createServer } from 'node:net'
import { decode, encode } from 'it-length-prefixed'
import { announce, BACKLOG, chosen, HOST, MAX_FRAME_BYTES, port } from '../internal/served.mjs'

/** @param {DataView | { getUint32: (at: number) => number }} data */
const lengthDecoder = Object.assign((data) => data.getUint32(0), { bytes: 4 })
const lengthEncoder = Object.assign(
  (/** @type {number} */ length) => {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, length)
    return bytes
  },
  { bytes: 4 },
)
const options = { lengthDecoder, lengthEncoder, maxDataLength: MAX_FRAME_BYTES }

const serve = chosen({
  len32: async (/** @type {import('node:net').Socket} */ socket) => {
    for await (const bytes of encode(decode(socket, options), options)) {
      if (!socket.write(bytes)) await once(socket, 'drain')
    }
  },
})
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  serve(socket).catch(() => socket.destroy())
})
server.listen({ host: HOST, port, backlog: BACKLOG }, () => announce(server.address().port))
