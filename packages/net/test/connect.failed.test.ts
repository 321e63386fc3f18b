import { createServer } from 'node:net'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { AddressInfo } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ConnectOptions } from '../src/index.ts'
import { connect } from '../src/index.ts'
import { HOST, plainServer, socketPath } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const failure = async (options: ConnectOptions): Promise<unknown> =>
  firstValueFrom(connect(options)).then(
    () => 'connected',
    (error: unknown) => error,
  )

/** A port of loopback that nobody listens on. */
const deadPort = async (): Promise<number> => {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('ConnectFailed', () => {
  it('ECONNREFUSED: nobody listens there', async () => {
    const port = await deadPort()
    const error = await failure({ host: HOST, port })
    expect(error).toMatchObject({ _tag: 'ConnectFailed', code: 'ECONNREFUSED', target: `${HOST}:${String(port)}` })
    expect(error).toHaveProperty('cause.syscall', 'connect')
  })

  it('is readable also where both address families were tried', async () => {
    const error = await failure({ host: 'localhost', port: await deadPort() })
    expect(error).toMatchObject({ _tag: 'ConnectFailed', code: 'ECONNREFUSED' })
    expect(String(error)).toMatch(/cannot connect to localhost:\d+: .*ECONNREFUSED/)
  })

  it('ENOENT: no such Unix socket', async () => {
    const path = socketPath()
    expect(await failure({ path })).toMatchObject({ _tag: 'ConnectFailed', code: 'ENOENT', target: path })
  })

  it('ENOTFOUND or the like: no such name', async () => {
    const error = await failure({ host: 'no such host.invalid', port: 1 })
    expect(error).toMatchObject({ _tag: 'ConnectFailed', target: 'no such host.invalid:1' })
  })

  it('TIMEOUT: no answer within connectMs, by the scheduler given [R21][R22]', async () => {
    const { port } = await plainServer()
    const clock = new VirtualClock()
    const failed = failure({ host: HOST, port, connectMs: 5_000, scheduler: clock })
    clock.advance(5_001)
    expect(await failed).toMatchObject({ _tag: 'ConnectFailed', code: 'TIMEOUT' })
  })

  it('ABORTED: the signal was aborted before, or while connecting', async () => {
    const { port } = await plainServer()
    const reason = new Error('no more')
    expect(await failure({ host: HOST, port, signal: AbortSignal.abort(reason) })).toMatchObject({
      code: 'ABORTED',
      cause: reason,
    })
    const controller = new AbortController()
    const failed = failure({ host: HOST, port, signal: controller.signal })
    controller.abort(reason)
    expect(await failed).toMatchObject({ _tag: 'ConnectFailed', code: 'ABORTED', cause: reason })
  })
})

describe('WrongOption', () => {
  const wrong: Readonly<Record<string, ConnectOptions>> = {
    'no target': {},
    'port 0': { port: 0 },
    'a port too large': { port: 65_536 },
    'half a port': { port: 1.5 },
    'a path and a port': { path: '/x', port: 1 },
    'an empty path': { path: '' },
    'a deadline of 0': { port: 1, connectMs: 0 },
    'a deadline that is no number': { port: 1, connectMs: NaN },
    'keep-alive under a second': { port: 1, keepAliveMs: 999 },
    'no such policy': { port: 1, whenFull: 'wait' as never },
    'a mark of 0': { port: 1, highWaterMark: 0 },
    'a bound that is no whole number': { port: 1, maxUnsentBytes: 1.5 },
    'a negative clock': { port: 1, silenceMs: -1 },
    'an empty host': { port: 1, host: '' },
    'two targets': { port: 1, fd: 1 },
    'two other targets': { fd: 1, handle: new PassThrough() },
    'half a descriptor': { fd: 1.5 },
    'a handle that is no stream': { handle: 'x' as never },
    'a local address that is a name': { port: 1, localAddress: 'localhost' },
    'a local port too large': { port: 1, localPort: 65_536 },
    'a local port without a port': { path: '/x', localPort: 1 },
    'a family there is not': { port: 1, family: 5 as never },
    'a lookup that is no function': { port: 1, lookup: 'x' as never },
    'an attempt too short': { port: 1, autoSelectFamilyAttemptTimeoutMs: 9 },
    'hints that are none': { port: 1, hints: -1 },
    'a handshake of no time': { port: 1, tls: true, handshakeMs: 0 },
  }
  for (const [what, options] of Object.entries(wrong)) {
    it(`is thrown at construction for ${what} [R16][R27]`, () => {
      expect(() => connect(options)).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
    })
  }

  it('is not thrown for clocks that are off', () => {
    expect(() => connect({ port: 1, connectMs: Infinity, keepAliveMs: Infinity, frameMs: Infinity })).not.toThrow()
  })
})
