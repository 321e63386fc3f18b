import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { leakCheck, socketPair } from '../src/index.ts'

describe('socketPair()', () => {
  it('gives two ends, each of which ends on its own [R2]', async () => {
    await using pair = await socketPair()
    const { client, server } = pair
    expect([client.remotePort, client.localPort]).toEqual([server.localPort, server.remotePort])
    client.end('question')
    const [question] = (await once(server, 'data')) as [Buffer]
    await once(server, 'end')
    server.end('answer')
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect([String(question), String(answer)]).toEqual(['question', 'answer'])
  })

  it('survives a reset, and tells whoever listens', async () => {
    const { client, server, close } = await socketPair()
    const failed = once(client, 'error')
    client.resume()
    server.resetAndDestroy()
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
    await close()
  })

  it('works over a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'socketPair-'))
    try {
      await using pair = await socketPair({ path: join(folder, 's') })
      pair.server.end('hello')
      const [bytes] = (await once(pair.client, 'data')) as [Buffer]
      expect(String(bytes)).toBe('hello')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('rejects where there can be no socket', async () => {
    await expect(socketPair({ path: '/nowhere/at/all' })).rejects.toMatchObject({ syscall: 'listen' })
  })

  it('leaves nothing behind, and closes once [R14]', async () => {
    await leakCheck(async () => {
      const pair = await socketPair()
      pair.client.write(Buffer.alloc(1_000_000))
      await pair.close()
      await pair.close()
      await pair[Symbol.asyncDispose]()
    })
  })
})
