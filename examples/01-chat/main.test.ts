import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { hasNc, mainJs, ncMember, run, runServer } from './harness.ts'

const node = process.execPath
const withoutNc = hasNc ? '' : ' (left out: nc is not installed)'

describe('the program', () => {
  it('says how to reach it', async () => {
    const { out, port } = await runServer()
    expect(out.text).toContain(`  nc 127.0.0.1 ${String(port)}\n`)
    expect(out.text).toContain(`  npm run chat -- --port ${String(port)}\n`)
  })

  it('says in one line that a port is in use, and exits with 1', async () => {
    const { port } = await runServer()
    const second = run(node, mainJs(), '--port', String(port))
    expect(await second.exit).toEqual({ code: 1, signal: null })
    expect(second.err.text).toMatch(/^cannot listen on .*in use.*\n$/)
    expect(second.out.text).toBe('')
  })

  it.each([
    [['--port', '70000'], /--port is a number from 0 to 65535, not '70000'/],
    [['--port', 'http'], /--port is a number from 0 to 65535, not 'http'/],
    [['--prot', '1'], /Unknown option '--prot'/],
    [['--path', '/tmp/x', '--port', '1'], /--path goes without --host and --port/],
    [['here'], /Unexpected argument 'here'/],
  ])('answers %j with one line and exits with 2', async (args, line) => {
    const program = run(node, mainJs(), ...args)
    expect(await program.exit).toEqual({ code: 2, signal: null })
    expect(program.err.text).toMatch(line)
    expect(program.err.text.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('exits with 0 on %s when nobody is there', async (signal) => {
    const server = await runServer()
    server.child.kill(signal)
    expect(await server.exit).toEqual({ code: 0, signal: null })
  })
})

describe.skipIf(!hasNc)(`with nc${withoutNc}`, () => {
  it('two members talk', async () => {
    const { port } = await runServer()
    const ann = await ncMember(port, 'ann')
    const bob = await ncMember(port, 'bob')
    await ann.out.until(/^-- bob has come: 2 present$/m)
    ann.stdin.write('hello bob\n')
    await bob.out.until(/^<ann> hello bob$/m)
    bob.stdin.write('/me waves\n')
    await ann.out.until(/^\* bob waves$/m)
    expect(ann.out.text).not.toContain('<ann>')
    bob.stdin.end('/quit\n')
    await ann.out.until(/^-- bob has left: 1 present$/m)
    await bob.out.until(/^-- goodbye, bob!$/m)
  })

  it('answers what came before a FIN, the last line without its end included [R2, R9]', async () => {
    const { port } = await runServer()
    const nc = run('sh', '-c', `printf 'ann\\nhello' | nc -N 127.0.0.1 ${String(port)}`)
    expect(await nc.exit).toEqual({ code: 0, signal: null })
    expect(nc.out.text).toMatchInlineSnapshot(`
      "-- welcome: 0 present. Which nickname do you take?
      -- you are ann: 1 present, /help tells what you can do
      -- nobody else is here to read that
      -- goodbye, ann!
      "
    `)
  })

  it('passes the last, unended line of somebody who leaves on to the others', async () => {
    const { port } = await runServer()
    const bob = await ncMember(port, 'bob')
    run('sh', '-c', `printf 'ann\\nhello' | nc -N 127.0.0.1 ${String(port)}`)
    await bob.out.until(/^<ann> hello\n-- ann has left: 1 present$/m)
  })

  it('puts out who floods without reading, and the others talk on [R7]', async () => {
    const { port } = await runServer()
    const ann = await ncMember(port, 'ann')
    const bob = await ncMember(port, 'bob')
    // what nc reads goes nowhere, so it soon stops reading; each line it sends is answered
    run('sh', '-c', `(echo carl; yes /help) | nc 127.0.0.1 ${String(port)} | sleep 1000`)
    await ann.out.until(/^-- carl has come: 3 present$/m)
    let putOut = false
    const end = bob.out.until(/^-- carl was put out, for not reading: 2 present$/m).then(() => (putOut = true))
    for (let n = 1; n <= 5 || !putOut; n++) {
      ann.stdin.write(`word ${String(n)}\n`)
      await bob.out.until(new RegExp(`^<ann> word ${String(n)}$`, 'm'))
    }
    await end
    await ann.out.until(/^-- carl was put out, for not reading: 2 present$/m)
  })

  it('says goodbye on SIGTERM and exits with 0, though nobody hangs up', async () => {
    const server = await runServer()
    const ann = await ncMember(server.port, 'ann')
    const stranger = run('nc', '127.0.0.1', String(server.port))
    await stranger.out.until(/Which nickname/)
    server.child.kill('SIGTERM')
    await ann.out.until(/^-- the chat closes now: goodbye!$/m)
    await stranger.out.until(/^-- the chat closes now: goodbye!$/m)
    expect(await server.exit).toEqual({ code: 0, signal: null })
    expect(ann.out.text).not.toContain('has left')
  })

  it('takes two signals at once for one: npm passes a Ctrl-C on that the terminal has sent as well', async () => {
    const server = await runServer()
    await ncMember(server.port, 'ann')
    server.child.kill('SIGINT')
    server.child.kill('SIGTERM')
    expect(await server.exit).toEqual({ code: 0, signal: null })
  })

  it('exits at once when told again', async () => {
    const server = await runServer()
    await ncMember(server.port, 'ann')
    const again = setInterval(() => server.child.kill('SIGTERM'), 100)
    try {
      // nc does not hang up, so that a drain takes longer than the signals that count as one
      expect(await server.exit).toEqual({ code: 1, signal: null })
    } finally {
      clearInterval(again)
    }
  })

  it('says goodbye by a Unix socket as well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chat-'))
    try {
      const path = join(folder, 'chat.sock')
      const server = await runServer('--path', path)
      expect(server.out.text).toContain(`  nc -U ${path}\n`)
      const nc = run('nc', '-NU', path)
      nc.stdin.end('ann\n/who\n')
      await nc.exit
      expect(nc.out.text).toContain('-- 1 present: ann\n')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

const megabytes = process.env['CHAT_FLOOD_MB'] ?? '20'

it.skipIf(process.platform !== 'linux')(
  `stays small and quick while ${megabytes} MB are said as fast as can be (Linux only; CHAT_FLOOD_MB sets it) [R3, R7]`,
  { timeout: 300_000 },
  async () => {
    const script = fileURLToPath(new URL('flood.mjs', import.meta.url))
    const { stdout } = await promisify(execFile)(node, [script, megabytes])
    const flood = JSON.parse(stdout) as Readonly<Record<string, number | string>>
    expect(flood).toMatchObject({
      heardByFirst: flood['lines'],
      heardBySecond: flood['lines'],
      putOut: '-- zed was put out, for not reading: 4 present',
    })
    expect(Number(flood['memoryPeak']) - Number(flood['memoryBefore'])).toBeLessThan(80)
    expect(Number(flood['longestDelayMs'])).toBeLessThan(500)
  },
)
