import type { Socket } from 'node:net'
import { lines } from '@sluice/protocol'
import { firstValueFrom, map, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ListenOptions, Session } from '../src/index.ts'
import { serve } from '../src/index.ts'
import { come, told } from './support/guests.ts'
import { dial, everything, listening, next, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const RARELY = 1_000
const OFTEN = 100

/** A server of long lines that may keep 100,000 bytes in all, looked at by a clock that stands still. */
const small = async (options: ListenOptions = {}) => {
  const clock = new VirtualClock()
  const listener = await listening({ scheduler: clock, maxBufferedBytes: 100_000, frameMs: Infinity, ...options })
  const events = told(listener)
  const sessions: Session[] = []
  const connections: Connection[] = []
  listener.events$.subscribe((event) => event._tag === 'Accepted' && connections.push(event.connection))
  const long = lines({ maxFrameBytes: 1_000_000 })
  of(listener)
    .pipe(
      serve<string, string>(
        long,
        map((line) => String(line.length)),
      ),
    ) // prettier-ignore
    .subscribe((session) => sessions.push(session))
  return { clock, listener, events, sessions, connections }
}

/** Sends so much of a line, and waits until it was read. */
const begin = async (peer: Socket | undefined, bytes: number, read: () => number): Promise<void> => {
  const before = read()
  peer?.write('x'.repeat(bytes))
  await until('read', () => read() === before + bytes)
}

describe('maxBufferedBytes', () => {
  it('counts what is unread in all connections', async () => {
    const { listener } = await small()
    const peers = await come(listener, 3)
    for (const [i, peer] of peers.entries()) await begin(peer, 1_000 * (i + 1), () => listener.bufferedBytes)
    expect(listener.bufferedBytes).toBe(6_000)
    peers[2]?.write('\n')
    await until('answered', () => listener.bufferedBytes === 3_000)
  })

  it('counts what is unsent, and not what was dropped on the way out', async () => {
    const listener = await listening({ maxUnsentBytes: 64 * 1024 * 1024 })
    const peer = await peerOf(listener)
    const connection = await firstValueFrom(listener.connections$)
    connection.write(Buffer.alloc(32 * 1024 * 1024))
    await turns()
    expect(listener.bufferedBytes).toBeGreaterThan(0)
    expect(listener.bufferedBytes).toBe(connection.unsentBytes)
    connection.close()
    peer.write('for nobody'.repeat(10_000))
    peer.resume()
    await until('all sent', () => listener.bufferedBytes === 0)
  })

  it('over it nobody is read, and below three quarters of it everybody again [R24]', async () => {
    const { clock, listener, events, connections } = await small()
    const peers = await come(listener, 3)
    for (const peer of peers) await begin(peer, 40_000, () => listener.bufferedBytes)
    clock.advance(RARELY)
    peers[0]?.write('\n')
    await turns(20)
    expect(listener.bufferedBytes).toBe(120_000)
    expect(connections.map(({ paused }) => paused)).toEqual([true, true, true])
    // nothing more than that has happened
    expect(events).toEqual(['Accepted', 'Accepted', 'Accepted'])
    for (const one of connections.slice(1)) one.abort()
    await until('two are gone', () => listener.live === 1)
    clock.advance(OFTEN)
    expect(peers[0] && (await next(peers[0], 6))).toBe('40000\n')
  })

  it('still over it at the next look nobody is let in, until it is better [R24]', async () => {
    const { clock, listener, events, connections } = await small()
    const peers = await come(listener, 3)
    for (const peer of peers) await begin(peer, 40_000, () => listener.bufferedBytes)
    clock.advance(RARELY)
    clock.advance(OFTEN)
    expect(await everything(dial(listener))).toBe('')
    expect(listener.suspended).toBe(true)
    expect(events.slice(3)).toEqual(['Suspended buffered', 'Refused buffered'])
    for (const one of connections.slice(1)) one.abort()
    await until('two are gone', () => listener.live === 1)
    clock.advance(OFTEN)
    expect(events.at(-1)).toBe('Resumed buffered')
    const [late] = await come(listener, 1)
    late?.end('a\n')
    expect(late && (await everything(late))).toBe('1\n')
  })

  it('who waits for it is let in when it is better [R24]', async () => {
    const { clock, listener, connections } = await small({ atLimit: 'wait' })
    const peers = await come(listener, 3)
    for (const peer of peers) await begin(peer, 40_000, () => listener.bufferedBytes)
    clock.advance(RARELY)
    clock.advance(OFTEN)
    const [late] = await come(listener, 1)
    late?.end('a\n')
    expect([listener.live, listener.pending]).toEqual([3, 1])
    for (const one of connections) one.abort()
    await until('three are gone', () => listener.live === 0)
    clock.advance(OFTEN)
    expect(late && (await everything(late))).toBe('1\n')
  })

  it('without progress for ten looks who holds most is put out, and the others go on [R24]', async () => {
    const { clock, listener, sessions } = await small()
    const peers = await come(listener, 3)
    for (const [i, peer] of peers.entries()) await begin(peer, 30_000 + 10_000 * i, () => listener.bufferedBytes)
    clock.advance(RARELY)
    for (let looks = 0; looks < 9; looks++) clock.advance(OFTEN)
    expect(sessions).toEqual([])
    clock.advance(2 * OFTEN)
    await until('one is out', () => sessions.length === 1)
    expect(sessions[0]?.closed.cause).toMatchObject({
      _tag: 'Aborted',
      reason: { _tag: 'BuffersFull', limit: 100_000, bufferedBytes: 50_000 },
    })
    clock.advance(OFTEN)
    for (const [i, peer] of peers.slice(0, 2).entries()) {
      peer.write('\n')
      expect(await next(peer, 6)).toBe(`${String(30_000 + 10_000 * i)}\n`)
    }
  })

  it('between three quarters and all of it nobody waits for ever', async () => {
    const { clock, listener } = await small({ probeMs: OFTEN })
    const peers = await come(listener, 3)
    for (const peer of peers) await begin(peer, 40_000, () => listener.bufferedBytes)
    clock.advance(RARELY)
    peers[2]?.resetAndDestroy()
    // a paused connection finds out by its probe
    clock.advance(2 * OFTEN)
    await until('one is gone', () => listener.live === 2)
    expect(listener.bufferedBytes).toBe(80_000)
    for (let looks = 0; looks < 12; looks++) clock.advance(OFTEN)
    peers[0]?.write('\n')
    expect(peers[0] && (await next(peers[0], 6))).toBe('40000\n')
  })
})
