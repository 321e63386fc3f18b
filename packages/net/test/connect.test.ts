import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectOptions } from '../src/index.ts'
import { connect, showEndpoint } from '../src/index.ts'
import { clientPair, closing, connected, everything, HOST, listening, plainServer, portOf, socketPath } from './support/loopback.ts' // prettier-ignore
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
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

describe('connect', () => {
  it('gives a connection that knows both of its ends, and completes when it is closed [R10]', async () => {
    const { port, accepted } = await plainServer()
    let completed = false
    const seen: string[] = []
    const onConnection = (connection: Connection): void => {
      seen.push(connection.remote === undefined ? '' : showEndpoint(connection.remote))
      seen.push(connection.local?.family ?? '')
      connection.data$.subscribe()
      connection.end()
    }
    const connecting = connect({ host: HOST, port }).subscribe({
      next: onConnection,
      complete: () => (completed = true),
    })
    const peer = await accepted
    peer.end()
    peer.resume()
    await until('the end', () => completed)
    expect(seen).toEqual([`${HOST}:${String(port)}`, 'IPv4'])
    connecting.unsubscribe()
  })

  it('does nothing before it is subscribed, and connects once a subscription [R26]', async () => {
    const listener = await listening()
    const connecting$ = connect({ host: HOST, port: portOf(listener) })
    await turns()
    expect(listener.live).toBe(0)
    const both = [connecting$.subscribe(), connecting$.subscribe()]
    await until('both', () => listener.live === 2)
    for (const one of both) one.unsubscribe()
  })

  it('reaches a Unix socket [R10]', async () => {
    const path = socketPath()
    const listener = await listening({ path })
    listener.connections$.subscribe((connection) => {
      connection.write(Buffer.from('hello'))
      connection.close()
    })
    const connection = await connected({ path, host: undefined as never })
    expect(connection.remote).toEqual({ family: 'unix', address: path })
    const [bytes] = await Promise.all([firstValueFrom(connection.data$)])
    expect(Buffer.from(bytes).toString()).toBe('hello')
  })

  it('resets the peer when it is unsubscribed [R14]', async () => {
    const { port, accepted } = await plainServer()
    let connections = 0
    const connecting = connect({ host: HOST, port }).subscribe(() => connections++)
    const peer = await accepted
    await until('connected', () => connections === 1)
    connecting.unsubscribe()
    await expect(everything(peer)).rejects.toThrow('closed before its end')
  })
})

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
    clock.advance(5_000)
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

describe('a signal', () => {
  it('that is aborted later aborts the connection, with its reason [R10]', async () => {
    const controller = new AbortController()
    const { connection } = await clientPair({ signal: controller.signal })
    controller.abort('no more')
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason: 'no more' })
  })
})

describe('unsubscribing while connecting', () => {
  it('leaves nothing behind, at any moment [R14]', async () => {
    const port = portOf(await listening())
    for (let moment = 0; moment < 6; moment++) {
      for (const host of [HOST, 'localhost']) {
        const connecting = connect({ host, port }).subscribe({ error: () => undefined })
        await turns(moment)
        connecting.unsubscribe()
      }
    }
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
