// Offers each connection as many bytes as it is told to, as fast as they are taken.
import { createHash } from 'node:crypto'
import { Socket } from 'node:net'
import { obey, say } from '../internal/children.mjs'
import { BLOCK_BYTES, quotedBlock, sentBlock } from './stream.mjs'

/**
 * @param {number} port
 * @param {number} stream
 * @param {number} blocks
 * @param {boolean} hashed whether to hash what must arrive
 */
const offer = (port, stream, blocks, hashed) =>
  new Promise((resolve) => {
    const socket = new Socket({ allowHalfOpen: true })
    const hash = hashed ? createHash('sha256') : null
    let block = 0
    const more = () => {
      while (block < blocks) {
        hash?.update(quotedBlock(stream, block))
        if (!socket.write(sentBlock(stream, block++))) return
      }
      socket.end()
    }
    let broken = ''
    socket.on('connect', more)
    socket.on('drain', more)
    socket.on('error', (error) => (broken = error.message))
    socket.on('close', () =>
      // what was given to the socket and is still there was not taken
      resolve({ stream, taken: socket.bytesWritten - socket.writableLength, broken, hash: hash?.digest('hex') }),
    )
    socket.resume()
    socket.connect(port, '127.0.0.1')
    sockets.add(socket)
  })

/** @type {Set<Socket>} */
const sockets = new Set()

obey({
  async offer({ port, connections, bytes, hashed }) {
    const blocks = Math.ceil(bytes / connections / BLOCK_BYTES)
    const streams = Array.from({ length: connections }, (_, i) => offer(port, i, blocks, hashed))
    const results = await Promise.all(streams)
    sockets.clear()
    say({ tag: 'offered', offered: connections * blocks * BLOCK_BYTES, results })
  },
  stop() {
    for (const socket of sockets) socket.resetAndDestroy()
  },
})
