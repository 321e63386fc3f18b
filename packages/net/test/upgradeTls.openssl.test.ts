import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstValueFrom, of, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { serve } from '../src/index.ts'
import { closing, connected, listening, portOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { mail, mailServer } from './support/starttls.ts'
import { ca, good } from './support/tls.ts'

const missing = spawnSync('openssl', ['version']).status !== 0
const titled = (title: string): string => (missing ? `${title} (skipped: openssl is missing here)` : title)

nothingLeft()

/** A file for who only reads files. */
const fileOf = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'))
  afterwards(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const path = join(folder, 'x.pem')
  writeFileSync(path, text)
  return path
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams
  /** All it has printed, when this is among it. */
  readonly printed: (pattern: RegExp) => Promise<string>
}

const openssl = (...args: readonly string[]): Running => {
  const child = spawn('openssl', args)
  let text = ''
  let look = (): void => undefined
  const heard = (chunk: Buffer): void => {
    text += chunk.toString()
    look()
  }
  child.stdout.on('data', heard)
  child.stderr.on('data', heard)
  child.stdin.on('error', () => undefined)
  afterwards(() => child.kill('SIGKILL'))
  const printed = async (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      look = () => {
        if (pattern.test(text)) resolve(text)
      }
      look()
    })
  return { child, printed }
}

describe('openssl', () => {
  it.skipIf(missing)(titled('s_client -starttls smtp is served, and finds nothing wrong'), async () => {
    const listener = await listening()
    const session = firstValueFrom(of(listener).pipe(serve(mail, mailServer()), take(1)))
    const where = `127.0.0.1:${String(portOf(listener))}`
    const trust = ['-CAfile', fileOf(ca.cert), '-verify_return_error', '-verify_hostname', 'localhost']
    const { child, printed } = openssl(
      's_client',
      '-starttls',
      'smtp',
      '-connect',
      where,
      '-crlf',
      '-ign_eof',
      ...trust,
    )
    await printed(/Verify return code: 0 \(ok\)/)
    child.stdin.write('NOOP\n')
    await printed(/250 NOOP TLSv1\.[23]/)
    child.stdin.write('QUIT\n')
    await printed(/221 goodbye/)
    child.kill()
    const { connection } = await session
    expect(connection.tls?.serverName).toBeUndefined()
  })

  it.skipIf(missing)(titled('s_server is spoken to, until it has said its last'), async () => {
    const files = ['-cert', fileOf(good.cert), '-key', fileOf(good.key)]
    const { printed } = openssl('s_server', '-accept', '127.0.0.1:0', '-naccept', '1', '-rev', ...files)
    const port = Number(/ACCEPT \S*:(\d+)/.exec(await printed(/ACCEPT \S*:\d+/))?.[1])
    const connection = await connected({ port, tls: { ca: ca.cert } })
    connection.write(Buffer.from('hello\n'))
    expect(Buffer.from(await firstValueFrom(connection.data$)).toString()).toBe('olleh\n')
    connection.data$.subscribe({ error: () => undefined })
    connection.end()
    expect((await closing(connection)).cause._tag).toBe('Finished')
  })
})
