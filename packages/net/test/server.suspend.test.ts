import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { come, shouting, shoutingAt, told } from './support/guests.ts'
import { dial, everything, listening, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { reportOf } from './support/report.ts'
import { until } from './support/turns.ts'

nothingLeft()

describe('suspend', () => {
  it('lets nobody in; who comes waits, and is served after resume', async () => {
    const listener = await listening()
    shoutingAt(listener)
    const events = told(listener)
    listener.suspend()
    const peer = await peerOf(listener)
    peer.end('hello\n')
    await until('it waits', () => listener.pending === 1)
    expect([listener.live, listener.suspended]).toEqual([0, true])
    listener.resume()
    expect(await everything(peer)).toBe('HELLO\n')
    expect(listener.suspended).toBe(false)
    expect(events).toEqual(['Suspended asked', 'Resumed asked', 'Accepted'])
  })

  it('leaves the connections that are open alone', async () => {
    const listener = await listening()
    shoutingAt(listener)
    const peer = await peerOf(listener)
    await until('accepted', () => listener.live === 1)
    listener.suspend()
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
  })

  it('refuses who comes when as many wait as may [R24]', async () => {
    const listener = await listening({ maxUnconsumed: 1, goodbye: 'later\n' })
    const events = told(listener)
    listener.suspend()
    await peerOf(listener)
    await until('one waits', () => listener.pending === 1)
    expect(await everything(dial(listener))).toBe('later\n')
    expect(events).toEqual(['Suspended asked', 'Refused suspended'])
    expect(listener.counts.refused.suspended).toBe(1)
  })

  it('again is nothing more, and neither is resume without it', async () => {
    const listener = await listening()
    const events = told(listener)
    listener.resume()
    listener.suspend()
    listener.suspend()
    listener.resume()
    listener.resume()
    expect(events).toEqual(['Suspended asked', 'Resumed asked'])
  })

  it('keeps in order who waits while the limits let in one at a time [R24]', async () => {
    const listener = await listening({ maxConnections: 1, atLimit: 'wait' })
    const ports: (number | undefined)[] = []
    of(listener)
      .pipe(shouting)
      .subscribe(({ connection }) => ports.push(connection.remote?.port))
    listener.suspend()
    const peers = await come(listener, 3)
    listener.resume()
    expect([listener.live, listener.pending]).toEqual([1, 2])
    const came = peers.map(({ localPort }) => localPort)
    for (const peer of peers) peer.end('a\n')
    for (const peer of peers) expect(await everything(peer)).toBe('A\n')
    await until('all over', () => ports.length === 3)
    expect(ports).toEqual(came)
  })

  it('and drained sends away who waits, and reports it [R25]', async () => {
    const listener = await listening()
    const events = told(listener)
    listener.suspend()
    const peer = await peerOf(listener)
    peer.once('end', () => peer.end())
    await until('it waits', () => listener.pending === 1)
    const gone = everything(peer)
    expect(await reportOf(listener.drain())).toMatchObject({ live: 1, arrived: 0, finished: 0, aborted: 0, refused: 1 })
    expect(await gone).toBe('')
    expect(events).toEqual(['Suspended asked', 'Draining', 'Refused draining', 'Closed'])
  })
})
