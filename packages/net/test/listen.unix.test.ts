import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { lines } from '@sluice/protocol'
import { lastValueFrom, map, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { listen, serve } from '../src/index.ts'
import { everything, listening, peerOf, socketPath } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

const shout = serve<string, string>(lines(), map((line) => line.toUpperCase())) // prettier-ignore

/** What a killed server leaves behind. */
const stale = async (path: string): Promise<void> => {
  const script = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))'
  await once(spawn(process.execPath, ['-e', script, path]), 'close')
}

const fileMode = (path: string): number => statSync(path).mode & 0o777

describe('listen on a Unix socket', () => {
  it('replaces a socket file that nobody answers on', async () => {
    const path = socketPath()
    await stale(path)
    expect(existsSync(path)).toBe(true)
    const listener = await listening({ path })
    of(listener).pipe(shout).subscribe()
    const peer = await peerOf(listener)
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
  })

  it('leaves one alone that somebody answers on: it is in use', async () => {
    const path = socketPath()
    const other = createServer((socket) => socket.on('error', () => undefined).end('other\n')).listen(path)
    await once(other, 'listening')
    afterwards(() => {
      other.close()
    })
    await expect(lastValueFrom(listen({ path }))).rejects.toMatchObject({ code: 'EADDRINUSE', target: path })
    expect(await everything(await peerOf({ address: { family: 'unix', address: path } }))).toBe('other\n')
  })

  it('never removes a file that is no socket', async () => {
    const path = socketPath()
    writeFileSync(path, 'precious')
    await expect(lastValueFrom(listen({ path }))).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(readFileSync(path, 'utf8')).toBe('precious')
  })

  it('unsubscribed while it asks who answers leaves nothing behind [R14]', async () => {
    const path = socketPath()
    await stale(path)
    const listening = listen({ path }).subscribe()
    await new Promise(setImmediate)
    listening.unsubscribe()
  })

  for (const mode of [0o600, 0o666]) {
    it(`gives the file the permissions that are asked for: ${mode.toString(8)}`, async () => {
      const path = socketPath()
      await listening({ path, mode })
      expect(fileMode(path)).toBe(mode)
    })
  }

  it('leaves the permissions to the umask where none are asked for', async () => {
    const [plain, changed] = [socketPath(), socketPath()]
    await listening({ path: plain })
    const before = fileMode(plain)
    await listening({ path: changed, mode: before === 0o700 ? 0o600 : 0o700 })
    expect(fileMode(changed)).not.toBe(before)
    chmodSync(changed, before)
  })
})
