// A client with requests in flight, by hand: answers are taken apart in one scan, the next requests joined in one write.
import { connect } from 'node:net'
import { Answers, lineReader } from '../internal/byHand.mjs'
import { LINE, measure, settings } from '../internal/asking.mjs'

const { port, connections, depth } = settings
const request = Buffer.from(LINE)
const asked = measure()
for (let i = 0; i < connections; i++) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const requests = new Answers(socket)
  const read = lineReader(() => {
    asked.answers++
    requests.line(request)
  })
  socket.on('connect', () => {
    for (let n = 0; n < depth; n++) requests.line(request)
    requests.flush()
  })
  socket.on('data', (chunk) => {
    read(chunk)
    if (!requests.flush()) socket.pause()
  })
  socket.on('drain', () => socket.resume())
}
