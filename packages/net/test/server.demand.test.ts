import { lines } from '@sluice/protocol'
import { concat, firstValueFrom, mergeMap, NEVER, of, repeat, Subject, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, Listener, ListenerEvent } from '../src/index.ts'
import { currentGate, mapAsync, mapAsyncUnordered, speak } from '../src/index.ts'
import { shout } from './support/converse.ts'
import { come } from './support/guests.ts'
import { dial, everything, listening, next } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const told = (listener: Listener): ListenerEvent[] => {
  const events: ListenerEvent[] = []
  listener.events$.subscribe((event) => events.push(event))
  return events
}

const session = (connection: Connection) => of(connection).pipe(speak(lines(), shout))

describe('connections$', () => {
  it('has a gate, current while it emits [R3]', async () => {
    const listener = await listening()
    const gates: unknown[] = []
    listener.connections$.subscribe(() => gates.push(currentGate()))
    await come(listener, 2)
    expect(gates[0]).not.toBe(null)
    expect(gates[0]).toBe(gates[1])
    expect(currentGate()).toBe(null)
  })

  it('holds as many sessions at once as mapAsync lets it, and nobody is lost [R3][R24]', async () => {
    const listener = await listening()
    listener.connections$.pipe(mapAsyncUnordered(2, session)).subscribe()
    const peers = await come(listener, 5)
    expect(listener.counts).toMatchObject({ arrived: 5, accepted: 2 })
    expect([listener.live, listener.pending]).toEqual([5, 3])
    for (const [i, peer] of peers.entries()) peer.write(`${String(i)}a\n`)
    // each that ends makes room for the one that has waited longest
    for (const [i, peer] of peers.entries()) {
      expect(await next(peer, 3)).toBe(`${String(i)}A\n`)
      peer.end()
      expect(await everything(peer)).toBe('')
      await until('room for the next', () => listener.counts.accepted === Math.min(5, i + 3))
    }
    expect(listener.pending).toBe(0)
  })

  it('leaves who waits unread: the peer is slowed down, nothing is kept [R1][R3]', async () => {
    const listener = await listening()
    listener.connections$.pipe(mapAsync(1, () => NEVER)).subscribe()
    const [, waiting] = await come(listener, 2)
    const chunk = Buffer.alloc(256 * 1024)
    let stalled = false
    for (let sent = 0; sent < 64 && !stalled; sent++) stalled = waiting?.write(chunk) === false && sent > 40
    await turns(50)
    expect(waiting?.writableLength).toBeGreaterThan(0)
    expect(listener.bufferedBytes).toBe(0)
  })

  it('refuses who comes when as many wait as may, with an event, and goes on [R24]', async () => {
    const listener = await listening({ maxUnconsumed: 2 })
    const events = told(listener)
    const done$ = new Subject<void>()
    listener.connections$.pipe(mapAsync(1, () => done$)).subscribe()
    await come(listener, 3)
    expect(await everything(dial(listener))).toBe('')
    expect(events.at(-1)).toMatchObject({ _tag: 'Refused', reason: 'unconsumed' })
    expect(listener.counts.refused.unconsumed).toBe(1)
    done$.next()
    await until('one waits less', () => listener.pending === 1)
    await come(listener, 1)
    expect(listener.counts.refused.unconsumed).toBe(1)
  })

  it('lets go who went away while waiting, and says so [R23][R24]', async () => {
    const listener = await listening({ probeMs: 5, maxUnconsumed: 1 })
    const events = told(listener)
    listener.connections$.pipe(mapAsync(1, () => NEVER)).subscribe()
    const [, waiting] = await come(listener, 2)
    const port = waiting?.localPort
    waiting?.resetAndDestroy()
    await until('let go', () => listener.pending === 0)
    expect(events.at(-1)).toMatchObject({ _tag: 'Left', remote: { port } })
    expect(listener.counts).toMatchObject({ arrived: 2, accepted: 1, left: 1 })
    expect(listener.live).toBe(1)
    await come(listener, 1)
    expect(listener.pending).toBe(1)
  })

  it('keeps what a waiting peer has said before its end [R1][R2]', async () => {
    const listener = await listening({ probeMs: 5 })
    const [peer] = await come(listener, 1)
    peer?.end('hello\n')
    await turns(50)
    expect(listener.pending).toBe(1)
    listener.connections$.pipe(mergeMap(session)).subscribe()
    expect(peer && (await everything(peer))).toBe('HELLO\n')
  })

  it('gives who subscribes again inside a dispatch the next one after it', async () => {
    const listener = await listening()
    const ports = (await come(listener, 3)).map(({ localPort }) => localPort)
    const connections = await firstValueFrom(listener.connections$.pipe(take(1), repeat(3), toArray()))
    expect(connections.map(({ remote }) => remote?.port)).toEqual(ports)
  })

  it('hands out in the order in which they came [R4]', async () => {
    const listener = await listening()
    const ports = (await come(listener, 4)).map(({ localPort }) => localPort)
    const connections = await firstValueFrom(listener.connections$.pipe(take(4), toArray()))
    expect(connections.map(({ remote }) => remote?.port)).toEqual(ports)
  })

  it('is not held by what a handler does before it hears anything [R12]', async () => {
    const listener = await listening()
    const slow = (connection: Connection) =>
      of(connection).pipe(speak(lines(), (in$) => concat(of('a').pipe(mapAsync(1, () => NEVER)), in$)))
    listener.connections$.pipe(mergeMap(slow)).subscribe()
    await come(listener, 3)
    expect(listener.counts.accepted).toBe(3)
  })

  it('is not held by the banner of a peer that does not read [R7][R12]', async () => {
    const listener = await listening({ highWaterMark: 1024 })
    const banner = 'x'.repeat(8 * 1024 * 1024)
    const greet = (connection: Connection) =>
      of(connection).pipe(speak(lines({ maxFrameBytes: banner.length + 1 }), () => of(banner)))
    listener.connections$.pipe(mergeMap(greet)).subscribe()
    await come(listener, 3)
    expect(listener.counts.accepted).toBe(3)
  })
})
