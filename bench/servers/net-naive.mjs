// `node:net` as it is usually written: gather, split, one write a frame, no drain.
//   node bench/servers/net-naive.mjs <lines|len32|bulk>
import { createServer } from 'node:net'
import { announce, BACKLOG, chosen, HOST, port } from '../internal/served.mjs'

/** @type {Readonly<Record<string, (socket: import('node:net').Socket) => void>>} */
const servers = {
  lines: (socket) => {
    let rest = ''
    socket.setEncoding('utf8').on('data', (text) => {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) socket.write(`${line}\n`)
    })
  },
  len32: (socket) => {
    let rest = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
        const end = 4 + rest.readUInt32BE(0)
        const header = Buffer.alloc(4)
        header.writeUInt32BE(end - 4)
        socket.write(Buffer.concat([header, rest.subarray(4, end)]))
        rest = rest.subarray(end)
      }
    })
  },
  bulk: (socket) => {
    socket.on('data', (chunk) => socket.write(chunk))
  },
}

const serve = chosen(servers)
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  serve(socket)
})
server.listen({ host: HOST, port, backlog: BACKLOG }, () => announce(server.address().port))
