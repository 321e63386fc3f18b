import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { firstValueFrom, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { listening, portOf } from './support/loopback.ts'

nothingLeft()

const LOADER = new URL('../../../.ci/typescript.mjs', import.meta.url).href
const NET = new URL('../src/index.ts', import.meta.url).href

/** A process of its own that connects, does that with the connection, and has nothing else to do. */
const connecting = (port: number, then: string) => {
  const program = `
    import { connect } from '${NET}'
    connect({ host: '127.0.0.1', port: ${String(port)} }).subscribe((connection) => {
      ${then}
    })`
  const child = spawn(process.execPath, ['--import', LOADER, '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  afterwards(() => {
    child.kill('SIGKILL')
  })
  return child
}

describe('a process with an open connection', () => {
  it('exits by itself once it is unrefed, also while somebody reads', async () => {
    const listener = await listening()
    const child = connecting(portOf(listener), 'connection.data$.subscribe(); connection.unref()')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
  })

  it('is kept running by it once it is refed again', async () => {
    const listener = await listening()
    const echo = 'connection.data$.subscribe({ next: (b) => connection.write(b), complete: () => connection.end() })'
    const accepted = firstValueFrom(listener.connections$)
    const child = connecting(portOf(listener), `connection.unref(); connection.ref(); ${echo}`)
    const exited = once(child, 'exit')
    const connection = await accepted
    const answers$ = new Subject<string>()
    connection.data$.subscribe((bytes) => answers$.next(Buffer.from(bytes).toString()))
    for (let i = 0; i < 20; i++) {
      const answer = firstValueFrom(answers$)
      connection.write(Buffer.from(String(i)))
      expect(await answer).toBe(String(i))
    }
    connection.end()
    expect(await exited).toEqual([0, null])
  })
})
