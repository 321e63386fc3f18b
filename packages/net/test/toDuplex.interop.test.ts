import { readFileSync, createReadStream, createWriteStream, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fromDuplex } from '../src/index.ts'
import { allOf, duplexOf, filePath, gone, memoryEnds, pattern, socketEnds } from './support/bridging.ts'
import { closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

for (const [over, ends] of [
  ['sockets', socketEnds],
  ['fromDuplex', memoryEnds],
] as const) {
  describe(`toDuplex of connections over ${over}`, () => {
    it('takes part in pipelines with files and zlib, byte for byte [R4]', async () => {
      const { near, far } = await ends()
      const [from, to] = [filePath(), filePath()]
      writeFileSync(from, pattern(3_000_000))
      const received = pipeline(duplexOf(far), createGunzip(), createWriteStream(to))
      await pipeline(createReadStream(from), createGzip(), duplexOf(near))
      await received
      expect(readFileSync(to).equals(readFileSync(from))).toBe(true)
    })

    it('speaks HTTP, both sides, several requests on one connection', async () => {
      const { near, far } = await ends()
      const server = createHttpServer((asked, answer) => asked.pipe(answer))
      server.emit('connection', duplexOf(far, { allowHalfOpen: false }))
      const socket = duplexOf(near, { allowHalfOpen: false })
      for (const body of ['one', 'x'.repeat(500_000)]) {
        const asking = request({
          createConnection: () => socket,
          method: 'POST',
          headers: { connection: 'keep-alive' },
        })
        const [answer] = (await once(asking.end(body), 'response')) as [IncomingMessage]
        expect(await allOf(answer)).toBe(body)
      }
      socket.end()
      await gone(socket)
      expect((await closing(far)).cause._tag).toBe('Finished')
    })

    it('can be lifted again [R2][R4]', async () => {
      const { near, far } = await ends()
      const again = fromDuplex(duplexOf(far))
      const asked = allOf(duplexOf(near).end('question'))
      const heard: string[] = []
      again.data$.subscribe({
        next: (bytes) => heard.push(Buffer.from(bytes).toString()),
        complete: () => {
          again.write(Buffer.from('answer'))
          again.end()
        },
      })
      expect(await asked).toBe('answer')
      expect(heard.join('')).toBe('question')
      expect((await closing(again)).cause._tag).toBe('Finished')
    })
  })
}

describe('toDuplex', () => {
  it('is what readline reads from', async () => {
    const { connection, peer } = await pair()
    const lines: string[] = []
    const stream = duplexOf(connection)
    const reader = createInterface({ input: stream }).on('line', (line) => lines.push(line))
    peer.end('one\ntwo\n')
    await once(reader, 'close')
    expect(lines).toEqual(['one', 'two'])
    stream.end()
    expect(await everything(peer)).toBe('')
  })
})
