// node:readline over a socket.
//   node bench/servers/readline.mjs lines
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { announce, BACKLOG, chosen, HOST, port } from '../internal/served.mjs'

const serve = chosen({
  lines: (/** @type {import('node:net').Socket} */ socket) => {
    createInterface({ input: socket, crlfDelay: Infinity, terminal: false }).on('line', (line) =>
      socket.write(`${line}\n`),
    )
  },
})
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  serve(socket)
})
server.listen({ host: HOST, port, backlog: BACKLOG }, () => announce(server.address().port))
