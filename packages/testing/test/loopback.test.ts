import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lines } from '@sluice/protocol'
import { speak } from '@sluice/net'
import { lastValueFrom, map, of, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { loopback } from '../src/index.ts'

const resources = () => process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|Timeout/.test(name)).length

const text = (chunks: Uint8Array[]) => Buffer.concat(chunks).toString()

describe('loopback()', () => {
  it('gives two ends of one connection, each of which ends on its own [R2][R9]', async () => {
    const { client, server, close } = await loopback()
    expect(client.remote).toEqual(server.local)
    const served = lastValueFrom(
      of(server).pipe(
        speak(
          lines(),
          map((line) => line.toUpperCase()),
        ),
      ),
    )
    client.write(Buffer.from('hello\nworld\n'))
    client.end()
    expect(text(await lastValueFrom(client.data$.pipe(toArray())))).toBe('HELLO\nWORLD\n')
    expect((await served).cause).toEqual({ _tag: 'Finished' })
    await close()
  })

  it('works over a Unix socket, and takes the options of each end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loopback-'))
    try {
      const { client, server, close } = await loopback({ path: join(folder, 's'), server: { whenFull: 'fail' } })
      expect([client.remote?.family, server.local?.family]).toEqual(['unix', 'unix'])
      await close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('leaves nothing behind, and closes once [R14]', async () => {
    const before = resources()
    const pair = await loopback()
    await pair.close()
    await pair.close()
    await pair[Symbol.asyncDispose]()
    while (resources() > before) await new Promise(setImmediate)
    expect(resources()).toBe(before)
  })
})
