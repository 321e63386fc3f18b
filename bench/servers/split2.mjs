// split2 as its README shows it: a pipe through it, and back.
//   node bench/servers/split2.mjs lines
import { createServer } from 'node:net'
import split from 'split2'
import { announce, BACKLOG, chosen, HOST, port } from '../internal/served.mjs'

const serve = chosen({
  lines: (/** @type {import('node:net').Socket} */ socket) => {
    socket.pipe(split((line) => `${line}\n`)).pipe(socket)
  },
})
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  serve(socket)
})
server.listen({ host: HOST, port, backlog: BACKLOG }, () => announce(server.address().port))
