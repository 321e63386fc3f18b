import { describe, expect, it } from 'vitest'
import { dial, proxied } from './support/proxied.ts'
import { turns, until, VirtualClock } from './support/sluggish.ts'

/** As {@link proxied}, on a clock that stands still. */
const still = async (options: Parameters<typeof proxied>[0] = {}) => {
  const clock = new VirtualClock()
  const all = await proxied({ ...options, scheduler: clock })
  const { proxy, server } = all
  /** Waits until so many bytes of the client are held in the proxy. */
  const holds = async (bytes: number) => until(`${String(bytes)} held`, () => proxy.figures.upstream.held === bytes)
  /** What the server has heard, so long later. */
  const after = async (ms: number) => {
    clock.advance(ms)
    await turns()
    return server.text
  }
  return { ...all, clock, holds, after }
}

describe('latencyMs', () => {
  it('makes all late by so much, the FIN too', async () => {
    const { client, holds, after, server } = await still({ upstream: { latencyMs: 100 } })
    client.socket.end('a')
    await holds(1)
    await turns()
    expect([await after(99), server.end]).toEqual(['', 'open'])
    expect(await after(1)).toBe('a')
    await until('the end', () => server.end === 'end')
  })

  it('concerns the direction it is given for', async () => {
    const { client, server } = await still({ upstream: { latencyMs: 100 } })
    server.socket.write('at once')
    await client.hears('at once')
  })

  it('sways by jitterMs, the same with the same seed, and keeps the order', async () => {
    const delays = async (seed: number) => {
      const { client, holds, after, server } = await still({ seed, upstream: { latencyMs: 100, jitterMs: 50 } })
      for (const [i, letter] of [...'abcd'].entries()) {
        client.socket.write(letter)
        await holds(i + 1)
      }
      const arrived: Record<string, number> = {}
      for (let ms = 1; ms <= 150; ms++) {
        for (const letter of await after(1)) arrived[letter] ??= ms
      }
      expect(server.text).toBe('abcd')
      return Object.values(arrived)
    }
    const first = await delays(7)
    expect(await delays(7)).toEqual(first)
    expect(await delays(8)).not.toEqual(first)
    expect(first.every((ms, i) => ms >= 50 && ms <= 150 && ms >= (first[i - 1] ?? 0))).toBe(true)
  })

  it('can be changed for what waits already', async () => {
    const { client, holds, proxy, server, events } = await still({ upstream: { latencyMs: 1000 } })
    client.socket.write('abc')
    await holds(3)
    proxy.set({ upstream: {} })
    await server.hears('abc')
    expect(events).toContainEqual({ _tag: 'Changed', direction: 'upstream', toxics: {} })
  })
})

describe('bytesPerSecond', () => {
  it('lets so many bytes pass in a second, and saves nothing up', async () => {
    const { client, holds, after, server } = await still({ upstream: { bytesPerSecond: 1000 } })
    await after(5000)
    client.socket.end('x'.repeat(300))
    await holds(300)
    expect((await after(100)).length).toBe(100)
    expect((await after(150)).length).toBe(240)
    expect([(await after(49)).length, server.end]).toEqual([280, 'open'])
    expect((await after(1)).length).toBe(300)
    await until('the end', () => server.end === 'end')
  })
})

describe('slice', () => {
  it('cuts what passes into parts of about that size', async () => {
    const { client, server, proxy, events } = await proxied({
      seed: 1,
      upstream: { slice: { averageBytes: 5, variationBytes: 2 } },
    })
    const text = 'abcdefghij'.repeat(20)
    client.socket.end(text)
    expect(await server.over()).toBe(`${text} end`)
    const sizes = events.flatMap((event) => (event._tag === 'Forwarded' ? [event.bytes] : []))
    expect(sizes.slice(0, -1).every((size) => size >= 3 && size <= 7)).toBe(true)
    expect(new Set(sizes).size).toBeGreaterThan(1)
    expect(server.chunks.length).toBeGreaterThan(5)
    expect(proxy.figures.upstream.forwarded).toBe(200)
  })

  it('pauses after each for as long as it is told to', async () => {
    const { client, holds, after } = await still({ upstream: { slice: { averageBytes: 2, delayMs: 10 } } })
    client.socket.write('abcdef')
    await holds(4)
    expect([await after(9), await after(1), await after(9), await after(1)]).toEqual(['ab', 'abcd', 'abcd', 'abcdef'])
  })
})

describe('swallowMs', () => {
  it('lets nothing pass, and closes both sides so long after', async () => {
    const { client, clock, proxy, server, events } = await still({ upstream: { swallowMs: 50 } })
    client.socket.write('hello')
    await until('it', () => proxy.figures.upstream.swallowed === 5)
    clock.advance(49)
    await turns()
    expect([client.end, server.end]).toEqual(['open', 'open'])
    clock.advance(1)
    expect([await client.over(), await server.over()]).toEqual(['end', 'end'])
    expect(events).toContainEqual({ _tag: 'Acted', link: 1, direction: 'upstream', action: 'close', why: 'swallow' })
  })

  it('taken away closes those of which something is missing, and only those', async () => {
    const { client, proxy, server } = await proxied({ upstream: { swallowMs: Infinity } })
    const other = await proxied({ upstream: { swallowMs: Infinity } })
    client.socket.write('hello')
    await until('it', () => proxy.figures.upstream.swallowed === 5)
    for (const one of [proxy, other.proxy]) one.set({ upstream: {} })
    expect([await client.over(), await server.over()]).toEqual(['end', 'end'])
    other.client.socket.write('hello')
    await other.server.hears('hello')
  })
})

describe('resetMs', () => {
  it('resets both sides so long after the connection began', async () => {
    const { client, clock, server } = await still({ downstream: { resetMs: 20 } })
    client.socket.write('passes')
    await server.hears('passes')
    clock.advance(19)
    await turns()
    expect([client.end, server.end]).toEqual(['open', 'open'])
    clock.advance(1)
    expect([await client.over(), await server.over()]).toEqual(['reset', 'passes reset'])
  })
})

describe('slowCloseMs', () => {
  it('holds the FIN back, and nothing else', async () => {
    const { client, server, clock } = await still({ upstream: { slowCloseMs: 30 } })
    client.socket.end('hello')
    await server.hears('hello')
    await turns()
    clock.advance(29)
    await turns()
    expect(server.end).toBe('open')
    clock.advance(1)
    expect(await server.over()).toBe('hello end')
  })

  it('keeps it for ever, where that is asked for', async () => {
    const { client, server, clock, proxy } = await still({ upstream: { slowCloseMs: Infinity } })
    client.socket.end('hello')
    await server.hears('hello')
    clock.advance(100_000)
    await turns()
    expect(server.end).toBe('open')
    proxy.set({ upstream: {} })
    expect(await server.over()).toBe('hello end')
  })
})

describe('toxicity', () => {
  it('concerns a part of the connections, the same with the same seed', async () => {
    const struck = async (seed: number) => {
      const { proxy, client, ears } = await proxied({ seed, upstream: { swallowMs: Infinity, toxicity: 0.5 } })
      const clients = [client]
      while (clients.length < 12) clients.push(await dial(proxy.port))
      await until('all', () => ears.length === clients.length)
      for (const [i, { socket }] of clients.entries()) {
        const before = proxy.figures.upstream
        socket.write(String(i).padStart(2))
        await until('it', () => proxy.figures.upstream.received === before.received + 2)
      }
      await turns()
      return ears
        .map(({ text }) => text)
        .filter((text) => text !== '')
        .sort()
    }
    const first = await struck(3)
    expect(await struck(3)).toEqual(first)
    expect(first.length).toBeGreaterThan(0)
    expect(first.length).toBeLessThan(12)
  })
})
