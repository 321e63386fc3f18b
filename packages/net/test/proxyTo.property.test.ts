import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOST, peerOf, plainServer } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { proxied, proxy } from './support/proxies.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

/** What one side says, in which pieces, how it pauses between them, and how slowly it reads. */
const side = fc.record({
  seed: fc.nat(),
  pieces: fc.array(fc.record({ bytes: fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 300_000 })), turns: fc.nat({ max: 3 }) }), { maxLength: 8 }), // prettier-ignore
  slow: fc.boolean(),
  /** Ends only when the other side has. */
  answers: fc.boolean(),
})

type Side = typeof side extends fc.Arbitrary<infer A> ? A : never

/** Bytes that are known to both ends. */
const bytesOf = (seed: number, length: number, at: number): Buffer => {
  const bytes = Buffer.allocUnsafe(length)
  for (let i = 0; i < length; i++) bytes[i] = (Math.imul(seed + at + i, 2654435761) >>> 13) & 255
  return bytes
}

const hash = (bytes: Iterable<Buffer>): string => {
  const sum = createHash('sha256')
  for (const one of bytes) sum.update(one)
  return sum.digest('hex')
}

/** Says its part; answers the hash of what it has heard, at the other's end. */
const play = async (socket: Socket, { seed, pieces, slow, answers }: Side): Promise<string> => {
  const heard: Buffer[] = []
  socket.on('data', (bytes: Buffer) => {
    heard.push(bytes)
    if (!slow) return
    socket.pause()
    setImmediate(() => socket.resume())
  })
  const ended = once(socket, 'end')
  socket.resume()
  let at = 0
  for (const { bytes, turns: rests } of pieces) {
    socket.write(bytesOf(seed, bytes, at))
    at += bytes
    for (let i = 0; i < rests; i++) await turn()
  }
  if (answers) await ended
  socket.end()
  await ended
  return hash(heard)
}

const said = ({ seed, pieces }: Side): string => {
  let at = 0
  return hash(pieces.map(({ bytes }) => bytesOf(seed, bytes, (at += bytes) - bytes)))
}

describe('a chain of proxies', () => {
  it('carries every byte of both sides, whoever ends first, and finishes [R2][R4][R9]', async () => {
    const plan = fc.record({ client: side, server: side, links: fc.integer({ min: 1, max: 3 }), highWaterMark: fc.constantFrom(1, 1_000, 65_536) }) // prettier-ignore
    const property = fc.asyncProperty(plan, async ({ client, server, links, highWaterMark }) => {
      const { port: last, accepted } = await plainServer()
      const chain = []
      let port = last
      for (let i = 0; i < links; i++) {
        const link = await proxy({ host: HOST, port, highWaterMark }, { highWaterMark })
        chain.push(link)
        port = link.port
      }
      const near = play(await peerOf(port), client)
      const far = play(await accepted, { ...server, answers: server.answers && !client.answers })
      expect([await near, await far]).toEqual([said(server), said(client)])
      for (const { report } of chain) {
        const both = await report()
        expect([both.client.cause._tag, both.upstream.cause._tag]).toEqual(['Finished', 'Finished'])
      }
      giveBack()
    })
    await fc.assert(property, { numRuns: 40 })
  })
})

describe('a proxy between a fast and a slow one', () => {
  it('keeps no more than its bounds, and reads on when there is room [R3][R7]', async () => {
    const { client, upstream, clients } = await proxied({ highWaterMark: 1_000 })
    const [connection] = clients
    upstream.socket.pause()
    const flood = Buffer.alloc(32 << 20, 'x')
    client.socket.end(flood)
    await until('the client held', () => connection?.paused === true)
    // what the kernel takes, it takes; then nothing moves any more
    let read = -1
    while (read !== connection?.figures.bytesRead) {
      read = connection?.figures.bytesRead ?? 0
      await turns(100)
    }
    expect(read).toBeLessThan(flood.length / 2)
    expect(client.socket.writableLength).toBeGreaterThan(0)
    upstream.socket.resume()
    await until('the rest', () => upstream.socket.readableEnded)
    expect(upstream.socket.bytesRead).toBe(flood.length + 1)
    upstream.socket.end()
  })
})
