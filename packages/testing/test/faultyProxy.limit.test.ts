import { describe, expect, it } from 'vitest'
import { proxied } from './support/proxied.ts'
import { turns, until } from './support/sluggish.ts'

describe('limit', () => {
  it('closes both sides behind that many bytes', async () => {
    const { client, server, events } = await proxied({ upstream: { limit: { bytes: 5, then: 'close' } } })
    client.socket.write('hello world')
    expect([await server.over(), await client.over()]).toEqual(['hello end', 'end'])
    expect(events).toContainEqual({ _tag: 'Acted', link: 1, direction: 'upstream', action: 'close', why: 'limit' })
    expect(events).toContainEqual({ _tag: 'Swallowed', link: 1, direction: 'upstream', bytes: 6 })
  })

  it('resets both sides, and what passed before arrives', async () => {
    const { client, server } = await proxied({ upstream: { limit: { bytes: 5, then: 'reset' } } })
    client.socket.write('hello world')
    expect([await server.over(), await client.over()]).toEqual(['hello reset', 'reset'])
  })

  it('half-closes: the one direction is over, the other goes on', async () => {
    const { client, server, proxy } = await proxied({ upstream: { limit: { bytes: 5, then: 'halfClose' } } })
    client.socket.write('hello world')
    expect(await server.over()).toBe('hello end')
    server.socket.write('still here')
    await client.hears('still here')
    client.socket.end('more')
    server.socket.end()
    expect(await client.over()).toBe('still here end')
    await until('the end', () => proxy.live === 0)
  })

  it('swallows the rest, FIN included, as a cable that is cut; mended it leaves a hole, and so closes', async () => {
    const { client, server, proxy } = await proxied({ upstream: { limit: { bytes: 5, then: 'swallow' } } })
    client.socket.write('hello ')
    client.socket.end('world')
    await until('all of it', () => proxy.figures.upstream.swallowed === 6)
    await turns()
    expect([server.text, server.end]).toEqual(['hello', 'open'])
    proxy.set({ upstream: {} })
    expect(await server.over()).toBe('hello end')
  })

  it('acts at once where so many have passed already', async () => {
    const { client, server, proxy } = await proxied()
    client.socket.write('hello')
    await server.hears('hello')
    proxy.set({ upstream: { limit: { bytes: 3, then: 'reset' } } })
    expect([await client.over(), await server.over()]).toEqual(['reset', 'hello reset'])
  })
})
