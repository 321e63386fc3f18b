import { describe, expect, it } from 'vitest'
import { everything, next, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { program } from './support/program.ts'

nothingLeft()

const start = async (...args: readonly string[]) => {
  const server = await program('server', ...args)
  return { server, port: Number(await server.line('Started')) }
}

/** A client that has asked and not been answered. */
const asking = async (port: number, question: string) => {
  const peer = await peerOf(port)
  peer.once('end', () => peer.end())
  peer.write('hello\n')
  expect(await next(peer, 6)).toBe('HELLO\n')
  peer.write(`${question}\n`)
  return peer
}

describe('runServer', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`at ${signal} keeps an answer in flight, refuses who comes late, and exits with 0 [R25]`, async () => {
      const { server, port } = await start()
      const peer = await asking(port, 'slow')
      const answered = everything(peer)
      server.kill(signal)
      expect(await server.line('Stopping')).toBe(signal)
      // who connects at the very moment of closing is reset by the kernel; who comes later is refused
      let code: string | undefined
      while (code !== 'ECONNREFUSED') {
        const late = await peerOf(port).catch((error: NodeJS.ErrnoException) => (code = error.code))
        if (typeof late === 'object') late.destroy()
      }
      expect(await answered).toBe('SLOW\n')
      expect(await server.exit).toEqual({ code: 0, signal: null })
      expect(await server.line('Stopped')).toBe('Drained')
    })
  }

  it('with nobody there exits with 0 at once', async () => {
    const { server } = await start()
    server.kill('SIGTERM')
    expect(await server.exit).toEqual({ code: 0, signal: null })
  })

  it('aborts at the deadline what is left, and exits with 1 [R25]', async () => {
    const { server, port } = await start('', '0', '300')
    const peer = await asking(port, 'stuck')
    const broken = expect(everything(peer)).rejects.toThrow('closed before its end')
    server.kill('SIGTERM')
    await broken
    expect(await server.line('Stopped')).toBe('CutShort')
    expect(await server.exit).toEqual({ code: 1, signal: null })
  })

  it('aborts everything at a second signal, and loses nothing that was printed', async () => {
    const { server, port } = await start()
    const peer = await asking(port, 'stuck')
    const broken = expect(everything(peer)).rejects.toThrow('closed before its end')
    server.kill('SIGTERM')
    await server.line('Stopping')
    server.kill('SIGINT')
    await broken
    expect(await server.line('Stopped')).toBe('CutShort')
    expect(await server.exit).toEqual({ code: 1, signal: null })
    expect(server.lines.find((line) => line.startsWith('xxx'))).toHaveLength(1_000_000)
    expect(await server.line('handlers left')).toBe('false')
  })

  it('takes signals that come together for one', async () => {
    const { server, port } = await start('', '0', '15000', '60000')
    const peer = await asking(port, 'slow')
    const answered = everything(peer)
    server.kill('SIGINT')
    await server.line('Stopping')
    server.kill('SIGTERM')
    server.kill('SIGINT')
    expect(await answered).toBe('SLOW\n')
    expect(await server.line('Stopped')).toBe('Drained')
    expect(await server.exit).toEqual({ code: 0, signal: null })
  })

  it('takes its handlers back, and tells the program the exit code', async () => {
    const { server } = await start()
    server.kill('SIGTERM')
    expect(await server.line('handlers left')).toBe('false')
    expect(await server.line('exit code')).toBe('0')
  })

  it('exits with 1 where it cannot listen, and says so', async () => {
    const { port } = await start()
    const second = await program('server', '', String(port))
    expect(await second.line('Failed')).toBe('ListenFailed')
    expect(await second.line('exit code')).toBe('1')
    expect(await second.line('handlers left')).toBe('false')
    expect(await second.exit).toEqual({ code: 1, signal: null })
  })

  it('exits with 1 where what it serves with fails, and aborts every connection', async () => {
    const { server, port } = await start('fails')
    const stays = await asking(port, 'stuck')
    const broken = expect(everything(stays)).rejects.toThrow('closed before its end')
    const goes = await asking(port, 'bye')
    goes.end()
    expect(await server.line('Failed')).toBe('ServingFailed')
    await broken
    expect(await server.exit).toEqual({ code: 1, signal: null })
  })

  it('can be asked to stop by the program itself', async () => {
    const { server, port } = await start('stops')
    const stays = await asking(port, 'slow')
    const answered = everything(stays)
    const goes = await asking(port, 'bye')
    goes.end()
    expect(await server.line('Stopping')).toBe('stop')
    expect(await answered).toBe('SLOW\n')
    expect(await server.exit).toEqual({ code: 0, signal: null })
  })
})
