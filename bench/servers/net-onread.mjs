// As net-optimised, but all sockets read into one buffer (`onread`): no memory is made for a read. That is public for
// clients; a socket that was accepted has to be made anew around its handle, which is not. It shows how much of the time
// goes into the buffers that Node makes.
//   node bench/servers/net-onread.mjs <lines|len32|bulk>
import { createServer, Socket } from 'node:net'
import { Answers, len32Reader, lineReader } from '../internal/byHand.mjs'
import { announce, BACKLOG, chosen, HOST, port } from '../internal/served.mjs'

const shared = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * What a reader keeps of a chunk must leave the shared buffer: whole frames are answered at once, so it is given no more
 * than those, and the rest stands at the beginning of the next chunk.
 *
 * @param {(answers: Answers) => (chunk: Buffer) => void} reading
 * @param {(chunk: Buffer) => number} wholeFrames how many bytes of a chunk are whole frames
 */
const converse = (reading, wholeFrames) => (/** @type {Socket} */ socket) => {
  const answers = new Answers(socket)
  const read = reading(answers)
  /** @type {Buffer | null} */
  let kept = null
  return (/** @type {Buffer} */ chunk) => {
    const all = kept === null ? chunk : Buffer.concat([kept, chunk])
    const end = wholeFrames(all)
    kept = end === all.length ? null : Buffer.from(all.subarray(end))
    if (end > 0) read(all.subarray(0, end))
    return answers.flush()
  }
}

/** @param {Buffer} chunk */
const wholeLengths = (chunk) => {
  let at = 0
  while (chunk.length - at >= 4) {
    const end = at + 4 + chunk.readUInt32BE(at)
    if (end > chunk.length) break
    at = end
  }
  return at
}

/** @type {Readonly<Record<string, (socket: Socket) => (chunk: Buffer) => boolean>>} */
const servers = {
  lines: converse(
    (answers) => lineReader((line) => answers.line(line)),
    (chunk) => chunk.lastIndexOf(10) + 1,
  ),
  len32: converse((answers) => len32Reader((payload) => answers.len32(payload)), wholeLengths),
  bulk: (socket) => (chunk) => socket.write(Buffer.from(chunk)),
}

const serve = chosen(servers)
const server = createServer({ noDelay: true, pauseOnConnect: true }, (accepted) => {
  const handle = Reflect.get(accepted, '_handle')
  Reflect.set(accepted, '_handle', null)
  /** @type {(chunk: Buffer) => boolean} */
  let take = () => true
  const socket = new Socket({
    handle,
    onread: { buffer: shared, callback: (bytes) => take(shared.subarray(0, bytes)) },
  })
  take = serve(socket)
  socket.on('error', () => socket.destroy())
  socket.on('drain', () => socket.resume())
  socket.on('end', () => socket.end())
  socket.resume()
  socket.read(0)
})
server.listen({ host: HOST, port, backlog: BACKLOG }, () => announce(server.address().port))
