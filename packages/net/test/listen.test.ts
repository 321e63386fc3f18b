import { existsSync } from 'node:fs'
import { lines } from '@sluice/protocol'
import { firstValueFrom, lastValueFrom, map, of, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, Listener, ListenerEvent, ListenOptions } from '../src/index.ts'
import { listen, serve } from '../src/index.ts'
import { closing, dial, everything, HOST, listening, peerOf, portOf, socketPath } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const shout = serve<string, string>(lines(), map((line) => line.toUpperCase())) // prettier-ignore

describe('listen', () => {
  it('gives the address it is really bound to, and tells it to who comes late', async () => {
    const listener = await listening()
    expect(listener.address).toMatchObject({ family: 'IPv4', address: HOST })
    expect(portOf(listener)).toBeGreaterThan(0)
    expect(await firstValueFrom(listener.events$)).toEqual({ _tag: 'Listening', address: listener.address })
  })

  it('listens on a Unix socket, which is gone afterwards [R14]', async () => {
    const path = socketPath()
    const listener = await listening({ path })
    of(listener).pipe(shout).subscribe()
    const peer = await peerOf(listener)
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
    expect(listener.address).toEqual({ family: 'unix', address: path })
    await listener.drain()()
    expect(existsSync(path)).toBe(false)
  })

  it('fails with ListenFailed where the address is in use, and can be tried again', async () => {
    const first = await listening()
    const again$ = listen({ host: HOST, port: portOf(first) })
    await expect(lastValueFrom(again$)).rejects.toMatchObject({
      _tag: 'ListenFailed',
      code: 'EADDRINUSE',
      target: `${HOST}:${String(portOf(first))}`,
    })
    await first.drain()()
    const second = await firstValueFrom(again$)
    expect(portOf(second)).toBe(portOf(first))
  })

  it('fails with ListenFailed for an address that is not ours', async () => {
    await expect(lastValueFrom(listen({ host: '192.0.2.1', port: 0 }))).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' })
  })

  it('unsubscribed before it is bound leaves nothing behind [R14]', async () => {
    for (const host of [HOST, 'localhost']) {
      listen({ port: 0, host }).subscribe().unsubscribe()
      const listening = listen({ port: 0, host }).subscribe()
      await Promise.resolve()
      listening.unsubscribe()
    }
    await turns(20)
  })

  it('unsubscribed closes at once, aborts every connection, and completes its streams [R14]', async () => {
    const connections: Connection[] = []
    const events: ListenerEvent[] = []
    let completed = false
    const onListener = (listener: Listener): void => {
      listener.connections$.subscribe({ next: (one) => connections.push(one), complete: () => (completed = true) })
      listener.events$.subscribe((event) => events.push(event))
    }
    const serving = listen({ port: 0, host: HOST }).subscribe(onListener)
    await until('bound', () => events.length === 1)
    const [bound] = events
    const port = bound?._tag === 'Listening' ? (bound.address.port ?? 0) : 0
    const broken = expect(everything(await peerOf(port))).rejects.toThrow('closed before its end')
    await until('accepted', () => connections.length === 1)
    serving.unsubscribe()
    await broken
    expect(completed).toBe(true)
    expect(events.map(({ _tag }) => _tag)).toEqual(['Listening', 'Accepted', 'Closed'])
    for (const one of connections) expect((await closing(one)).cause).toEqual({ _tag: 'ShutDown' })
  })
})

describe('connections$', () => {
  it('keeps what is accepted before the first subscriber, for one subscriber at a time', async () => {
    const listener = await listening()
    for (let i = 0; i < 3; i++) await peerOf(listener)
    await until('all accepted', () => listener.live === 3)
    const first = await firstValueFrom(listener.connections$)
    const rest = await firstValueFrom(listener.connections$.pipe(take(2), toArray()))
    expect(new Set([first, ...rest]).size).toBe(3)
    listener.connections$.subscribe()
    await expect(lastValueFrom(listener.connections$)).rejects.toMatchObject({ _tag: 'AlreadySubscribed' })
  })

  it('keeps no more than maxUnconsumed, refuses the rest with an event, and goes on [R24]', async () => {
    const listener = await listening({ maxUnconsumed: 2 })
    const refused: ListenerEvent[] = []
    listener.events$.subscribe((event) => event._tag === 'Refused' && refused.push(event))
    for (let i = 0; i < 2; i++) await peerOf(listener)
    await until('two accepted', () => listener.live === 2)
    expect(await everything(dial(listener))).toBe('')
    expect(refused).toMatchObject([{ reason: 'unconsumed', remote: { address: HOST } }])
    of(listener).pipe(shout).subscribe()
    const peer = await peerOf(listener)
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
  })

  it('does not count who is gone again against maxUnconsumed [R24]', async () => {
    const listener = await listening({ maxUnconsumed: 1, probeMs: 5 })
    const peer = await peerOf(listener)
    await until('accepted', () => listener.live === 1)
    peer.resetAndDestroy()
    await until('gone', () => listener.live === 0)
    const later = await peerOf(listener)
    await until('the later one', () => listener.live === 1)
    of(listener).pipe(shout).subscribe()
    later.end('hello\n')
    expect(await everything(later)).toBe('HELLO\n')
  })
})

describe('maxConnections', () => {
  it('refuses who comes beyond, with an event, and lets the next in after a close [R24]', async () => {
    const listener = await listening({ maxConnections: 1 })
    const reasons: string[] = []
    listener.events$.subscribe((event) => event._tag === 'Refused' && reasons.push(event.reason))
    of(listener).pipe(shout).subscribe()
    const first = await peerOf(listener)
    await until('the first', () => listener.live === 1)
    expect(await everything(dial(listener))).toBe('')
    expect(reasons).toEqual(['connections'])
    first.end('one\n')
    expect(await everything(first)).toBe('ONE\n')
    await until('closed', () => listener.live === 0)
    const second = await peerOf(listener)
    second.end('two\n')
    expect(await everything(second)).toBe('TWO\n')
  })
})

describe('WrongOption', () => {
  const wrong: Readonly<Record<string, ListenOptions>> = {
    'no target': {},
    'a negative port': { port: -1 },
    'a path and a host': { path: '/x', host: HOST },
    'room for nobody': { port: 0, maxConnections: 0 },
    'no backlog': { port: 0, backlog: 0 },
    'half a place to wait': { port: 0, maxUnconsumed: 0.5 },
  }
  for (const [what, options] of Object.entries(wrong)) {
    it(`is thrown at construction for ${what} [R16][R27]`, () => {
      expect(() => listen(options)).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
    })
  }
})
