// `node:net` by hand, public API only: what Sluice is measured against.
//   node bench/servers/net-optimised.mjs <lines|len32|bulk>
import { createServer } from 'node:net'
import { Answers, len32Reader, lineReader } from '../internal/byHand.mjs'
import { announce, BACKLOG, chosen, HOST, port } from '../internal/served.mjs'

/** What a user of a framework would write. @param {Uint8Array} frame */
const handler = (frame) => frame

/**
 * @param {import('node:net').Socket} socket
 * @param {(answers: Answers) => (chunk: Buffer) => void} reading
 */
const converse = (socket, reading) => {
  const answers = new Answers(socket)
  const read = reading(answers)
  socket.on('data', (chunk) => {
    try {
      read(chunk)
    } catch {
      socket.destroy()
      return
    }
    if (!answers.flush()) socket.pause()
  })
  socket.on('drain', () => socket.resume())
}

/** @type {Readonly<Record<string, (socket: import('node:net').Socket) => void>>} */
const servers = {
  lines: (socket) => converse(socket, (answers) => lineReader((line) => answers.line(handler(line)))),
  len32: (socket) => converse(socket, (answers) => len32Reader((payload) => answers.len32(handler(payload)))),
  bulk: (socket) => {
    socket.on('data', (chunk) => {
      if (!socket.write(chunk)) socket.pause()
    })
    socket.on('drain', () => socket.resume())
  },
}

const serve = chosen(servers)
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  serve(socket)
})
server.listen({ host: HOST, port, backlog: BACKLOG }, () => announce(server.address().port))
