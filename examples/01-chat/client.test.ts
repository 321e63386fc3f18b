import { mergeMap, tap } from 'rxjs'
import { listen } from 'sluice'
import { describe, expect, it } from 'vitest'
import type { Program } from './harness.ts'
import { clientJs, has, run, runServer } from './harness.ts'

const node = process.execPath
const hasScript = process.platform === 'linux' && has('script')

describe('the client', () => {
  it('sends a file to its end, shows what is answered after it, and exits with 0 [R2]', async () => {
    const { port } = await runServer()
    const client = run(node, clientJs(), '--port', String(port))
    client.stdin.end('ann\nhello')
    expect(await client.exit).toEqual({ code: 0, signal: null })
    expect(client.out.text).toMatch(/welcome.*\n-- you are ann.*\n-- nobody else.*\n-- goodbye, ann!\n$/)
  })

  it('exits after /quit', async () => {
    const { port } = await runServer()
    const client = run(node, clientJs(), '--port', String(port))
    client.stdin.write('ann\n/quit\n')
    expect(await client.exit).toEqual({ code: 0, signal: null })
  })

  it('comes again after the server has gone and is back', async () => {
    const first = await runServer()
    const client = run(node, clientJs(), '--port', String(first.port))
    client.stdin.write('ann\n')
    await client.out.until(/-- you are ann/)
    first.child.kill('SIGTERM')
    await client.out.until(/-- the chat closes now: goodbye!\n-- the chat has closed: once more in 0\.\d s\n/)
    await first.exit
    await client.out.until(/-- cannot connect to .*: once more in /)
    await runServer('--port', String(first.port))
    await client.out.until(/once more in [^]*-- welcome: 0 present/)
    client.stdin.end('ann\n')
    expect(await client.exit).toEqual({ code: 0, signal: null })
  })

  it('prints no control sequence, whoever the server is', async () => {
    let port = 0
    const evil = listen({ port: 0, host: '127.0.0.1' })
      .pipe(
        tap(({ address }) => (port = address.port ?? 0)),
        mergeMap(({ connections$ }) => connections$),
        tap((connection) => {
          connection.write(Buffer.from('a\u001b[2J\u009bm\rb\n'))
          connection.close()
        }),
      )
      .subscribe()
    await expect.poll(() => port).not.toBe(0)
    const client = run(node, clientJs(), '--port', String(port))
    await client.out.until(/^a\ufffd\[2J\ufffdm\ufffdb$/m)
    evil.unsubscribe()
  })

  it('answers a wrong option with one line', async () => {
    const client = run(node, clientJs(), '--port', '0')
    expect(await client.exit).toEqual({ code: 2, signal: null })
    expect(client.err.text).toMatch(/^--port is a number from 1 to 65535, not '0' .*\n$/)
  })
})

describe.skipIf(!hasScript)(
  `the client at a terminal${hasScript ? '' : ' (left out: script of util-linux is missing)'}`,
  () => {
    const CTRL_C = '\u0003'
    const CTRL_D = '\u0004'

    /** In a terminal of its own; afterwards `stty` tells what the client made of it. */
    const atTerminal = (port: number): Program => {
      const shell = `${node} ${clientJs()} --port ${String(port)}; echo "exit $?"; stty -a`
      return run('script', '-qefc', shell, '/dev/null')
    }

    it.each([
      ['Ctrl-D', CTRL_D],
      ['Ctrl-C', CTRL_C],
    ])('leaves it as it was after %s', async (_, key) => {
      const { port } = await runServer()
      const client = atTerminal(port)
      await client.out.until(/Which nickname/)
      client.stdin.write('ann\r')
      await client.out.until(/-- you are ann/)
      client.stdin.write(key)
      await client.out.until(/exit 0\r\n/)
      const { text } = client.out
      await client.out.until(/[^-]icanon[^]*[^-]echo /)
      // the last row is wiped before the shell goes on
      expect(text.slice(0, text.indexOf('exit 0'))).toMatch(/\u001b\[1G\u001b\[2K$/)
      if (key === CTRL_D) expect(text).toContain('-- goodbye, ann!')
    })

    it('shows what comes above what is being typed', async () => {
      const { port } = await runServer()
      const ann = atTerminal(port)
      await ann.out.until(/Which nickname/)
      ann.stdin.write('ann\r')
      await ann.out.until(/-- you are ann/)
      ann.stdin.write('half a li')
      await ann.out.until(/half a li/)
      const bob = run(node, clientJs(), '--port', String(port))
      bob.stdin.write('bob\n')
      await ann.out.until(/-- bob has come: 2 present\r\n[^]*half a li/)
      ann.stdin.write('ne\r')
      await bob.out.until(/^<ann> half a line$/m)
    })

    it('can be left while it waits for the server', async () => {
      const server = await runServer()
      server.child.kill('SIGTERM')
      await server.exit
      const client = atTerminal(server.port)
      await client.out.until(/once more in/)
      client.stdin.write('x\r')
      await client.out.until(/there is no connection: this line was not sent/)
      client.stdin.write(CTRL_D)
      await client.out.until(/exit 0/)
    })
  },
)
