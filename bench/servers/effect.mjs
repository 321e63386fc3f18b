// Effect's SocketServer, batched: what comes in one read is answered with one write. Copied to where Effect is installed
// before it runs (see ../internal/extras.mjs); names are not literal, so that nobody looks for them in this repository.
//   node effect.mjs <lines|len32|bulk>
import { pathToFileURL } from 'node:url'

/** @param {string} name */
const load = (name) => import(name)
const { Effect, Stream } = await load('effect')
const Socket = await load('effect/socket/Socket')
const NodeSocketServer = await load('@effect/platform-node/NodeSocketServer')
const { announce, chosen, HOST, port } = await load(
  pathToFileURL(`${process.env['SLUICE_BENCH']}/internal/served.mjs`).href,
)

const decodeLen32 = Stream.mapAccumArray(
  () => ({ parts: /** @type {Uint8Array[]} */ ([]), length: 0, needed: 4 }),
  (/** @type {any} */ state, /** @type {readonly Uint8Array[]} */ chunks) => {
    const frames = []
    for (const chunk of chunks) {
      state.parts.push(chunk)
      state.length += chunk.length
      if (state.length < state.needed) continue
      const bytes = state.parts.length === 1 ? state.parts[0] : Buffer.concat(state.parts, state.length)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      let at = 0
      state.needed = 4
      while (bytes.length - at >= 4) {
        const size = view.getUint32(at)
        if (bytes.length - at - 4 < size) {
          state.needed = 4 + size
          break
        }
        frames.push(bytes.subarray(at + 4, at + 4 + size))
        at += 4 + size
      }
      state.parts = at < bytes.length ? [bytes.subarray(at)] : []
      state.length = bytes.length - at
    }
    return [state, frames]
  },
)
/** @param {Uint8Array} payload */
const encodeLen32 = (payload) => {
  const frame = new Uint8Array(4 + payload.length)
  new DataView(frame.buffer).setUint32(0, payload.length)
  frame.set(payload, 4)
  return frame
}

/** @type {Readonly<Record<string, (socket: any) => any>>} */
const answers = {
  lines: (socket) =>
    Socket.toStream(socket).pipe(
      Stream.decodeText,
      Stream.splitLines,
      Stream.map((/** @type {string} */ line) => `${line}\n`),
    ),
  len32: (socket) => Socket.toStream(socket).pipe(decodeLen32, Stream.map(encodeLen32)),
  bulk: (socket) => Socket.toStream(socket),
}
const answersTo = chosen(answers)

const converse = (/** @type {any} */ socket) =>
  Effect.scoped(
    Effect.gen(function* () {
      const writer = yield* socket.writer
      yield* Stream.runForEachArray(answersTo(socket), (/** @type {any} */ batch) => writer.writeAll(batch))
    }),
  ).pipe(Effect.catch(() => Effect.void))

const main = Effect.scoped(
  Effect.gen(function* () {
    const server = yield* NodeSocketServer.make({ port, host: HOST, noDelay: true, backlog: 4096 })
    announce(server.address.port)
    yield* server.run(converse)
  }),
)
Effect.runPromise(main).catch((error) => {
  console.error(error)
  process.exit(1)
})
