import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WrongOption } from '@sluice/protocol'
import { createHash, randomBytes } from 'node:crypto'
import type { Unsubscribable } from 'rxjs'
import { tap } from 'rxjs'
import type { FaultyProxy } from '../src/index.ts'
import { faultyProxy, leakCheck } from '../src/index.ts'
import { dial, plainServer, proxied, running } from './support/proxied.ts'
import { turns, until, VirtualClock } from './support/sluggish.ts'

describe('faultyProxy() without toxics', () => {
  it('passes bytes both ways, and each FIN by itself [R2][R4]', async () => {
    const { client, server, events, proxy } = await proxied()
    client.socket.end('question')
    expect(await server.over()).toBe('question end')
    server.socket.end('answer')
    expect(await client.over()).toBe('answer end')
    await until('the end', () => proxy.live === 0)
    expect(proxy.figures).toEqual({
      upstream: { received: 8, forwarded: 8, swallowed: 0, held: 0 },
      downstream: { received: 6, forwarded: 6, swallowed: 0, held: 0 },
    })
    expect(events.map(({ _tag }) => _tag)).toEqual(['Opened', 'Forwarded', 'Ended', 'Forwarded', 'Ended', 'Over'])
    expect(events.at(-1)).toMatchObject({ link: 1, client: { _tag: 'Finished' }, upstream: { _tag: 'Finished' } })
  })

  it('passes a reset as a reset, whichever side it comes from', async () => {
    const { client, server, proxy } = await proxied()
    client.socket.resetAndDestroy()
    expect(await server.over()).toBe('reset')
    const second = await proxied()
    second.server.socket.resetAndDestroy()
    expect(await second.client.over()).toBe('reset')
    await until('the end', () => proxy.live === 0 && second.proxy.live === 0)
  })

  it('passes much, whole, and holds no more than it may while the receiver does not read [R3][R7]', async () => {
    const maxHeldBytes = 100_000
    const scheduler = new VirtualClock()
    const { client, server, proxy } = await proxied({ maxHeldBytes, scheduler, upstream: { latencyMs: 100 } })
    const sent = randomBytes(8_000_000)
    server.socket.pause()
    client.socket.end(sent)
    const stillness = async () => {
      let before = -1
      while (before !== proxy.figures.upstream.received) {
        before = proxy.figures.upstream.received
        await turns(200)
      }
      return proxy.figures.upstream
    }
    const bound = maxHeldBytes + 65_536
    // all of it is late, and then the receiver does not read
    const late = await stillness()
    expect(late).toMatchObject({ forwarded: 0, held: late.received })
    expect(late.held).toBeGreaterThanOrEqual(maxHeldBytes)
    expect(late.held).toBeLessThanOrEqual(bound)
    proxy.set({ upstream: {} })
    const stuck = await stillness()
    expect(stuck.forwarded).toBeGreaterThan(0)
    expect(stuck.received).toBeLessThan(sent.length)
    expect(stuck.held).toBeLessThanOrEqual(bound)
    const hash = createHash('sha256')
    server.socket.on('data', (chunk: Buffer) => hash.update(chunk)).resume()
    await once(server.socket, 'end')
    expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'))
    expect(proxy.figures.upstream).toEqual({ received: 8_000_000, forwarded: 8_000_000, swallowed: 0, held: 0 })
  })
})

describe('a faulty proxy', () => {
  it('resets the client where the target is not there', async () => {
    const { proxy, events } = await running(1)
    const client = await dial(proxy.port)
    expect(await client.over()).toBe('reset')
    expect(events).toMatchObject([
      { _tag: 'Opened' },
      { _tag: 'Unreachable', link: 1, error: { code: 'ECONNREFUSED' } },
      { _tag: 'Over', client: { _tag: 'Aborted' }, upstream: { _tag: 'ConnectFailed' } },
    ])
  })

  it('goes down, resets who is there and refuses who comes, and comes up again where it was', async () => {
    const { client, server, proxy, tags, ears } = await proxied()
    const { port } = proxy
    proxy.takeDown()
    proxy.takeDown()
    expect([await client.over(), await server.over(), proxy.up]).toEqual(['reset', 'reset', false])
    await expect(dial(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await proxy.bringUp()
    await proxy.bringUp()
    expect([proxy.port, proxy.up]).toEqual([port, true])
    const again = await dial(port)
    again.socket.write('hello')
    await until('the second', () => ears.length === 2)
    await ears[1]?.hears('hello')
    expect(tags('Up', 'Down')).toEqual(['Down', 'Up'])
  })

  it('resets all when it is told to, and goes on', async () => {
    const { client, server, proxy } = await proxied()
    proxy.resetAll()
    expect([await client.over(), await server.over()]).toEqual(['reset', 'reset'])
    await dial(proxy.port)
    await until('the next', () => proxy.live === 1)
  })

  it('is cold, and leaves nothing behind when it is unsubscribed from [R14]', async () => {
    const { port } = await plainServer()
    const proxy$ = faultyProxy({ port, host: '127.0.0.1' }, { upstream: { latencyMs: 60_000 } })
    await leakCheck(async () => {
      let told = false
      const proxy = await new Promise<FaultyProxy & Unsubscribable>((resolve) => {
        const listening = tap(({ events$ }: FaultyProxy) => events$.subscribe({ complete: () => (told = true) }))
        const subscription = proxy$.pipe(listening).subscribe((proxy) => {
          resolve(Object.assign(proxy, { unsubscribe: () => subscription.unsubscribe() }))
        })
      })
      const { socket } = await dial(proxy.port)
      socket.write('late')
      await until('it', () => proxy.figures.upstream.held === 4)
      proxy.unsubscribe()
      await until('the end', () => socket.closed)
      expect(told).toBe(true)
    })
    proxy$.subscribe().unsubscribe()
  })

  it('refuses what cannot be, at once or when it is set', async () => {
    for (const toxics of [
      { latencyMs: -1 },
      { jitterMs: 5 },
      { bytesPerSecond: 0 },
      { slice: { averageBytes: 0 } },
      { slice: { averageBytes: 4, variationBytes: 4 } },
      { limit: { bytes: 0.5, then: 'reset' as const } },
      { swallowMs: NaN },
      { toxicity: 2 },
    ]) {
      expect(() => faultyProxy({ port: 1 }, { upstream: toxics })).toThrow(WrongOption)
    }
    expect(() => faultyProxy({ port: 1 }, { seed: 0.5 })).toThrow(WrongOption)
    expect(() => faultyProxy({ port: 1 }, { maxHeldBytes: 0 })).toThrow(WrongOption)
    expect(() => faultyProxy({ port: 70_000 })).toThrow(WrongOption)
    const { proxy } = await running(1)
    expect(() => proxy.set({ upstream: { latencyMs: -1 } })).toThrow(WrongOption)
    expect(proxy.toxics).toEqual({ upstream: {}, downstream: {} })
  })

  it('fails where it cannot listen', async () => {
    const { port } = await plainServer()
    await expect(running(1, { listen: { port, host: '127.0.0.1' } })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
