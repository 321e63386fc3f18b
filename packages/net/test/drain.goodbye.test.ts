import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import { NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { DrainOptions } from '../src/index.ts'
import { listen, mapAsync, serve } from '../src/index.ts'
import { come, shoutingAt, told } from './support/guests.ts'
import { everything, HOST, listening, next, peerOf } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { reportOf } from './support/report.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

describe('goodbye of a drain', () => {
  const kinds: Readonly<Record<string, NonNullable<DrainOptions['goodbye']>>> = {
    'a text': 'going away\n',
    bytes: Buffer.from('going away\n'),
    'what a function sends': (connection) => {
      connection.send(lines(), 'going away')
    },
  }
  for (const [kind, goodbye] of Object.entries(kinds)) {
    it(`is told to every open connection, and answers follow it: ${kind} [R25]`, async () => {
      const listener = await listening()
      shoutingAt(listener)
      const peers = await come(listener, 3)
      for (const peer of peers) {
        peer.write('hello\n')
        expect(await next(peer, 6)).toBe('HELLO\n')
        peer.once('end', () => peer.end())
      }
      const heard = peers.map(everything)
      for (const peer of peers) peer.write('bye\n')
      await reportOf(listener.drain({ goodbye }))
      expect(await Promise.all(heard)).toEqual(peers.map(() => 'going away\nBYE\n'))
    })
  }

  it('that fails ends only that connection [R12]', async () => {
    const listener = await listening()
    shoutingAt(listener)
    const peers = await come(listener, 2)
    for (const peer of peers) peer.once('end', () => peer.end())
    const heard = peers.map(async (peer) => everything(peer).catch(() => 'reset'))
    const first = peers[0]?.localPort
    const { connections } = await reportOf(
      listener.drain({
        goodbye: (connection) => {
          if (connection.remote?.port === first) throw new Error('no words')
          connection.write(Buffer.from('bye\n'))
        },
      }),
    )
    expect(new Set(await Promise.all(heard))).toEqual(new Set(['reset', 'bye\n']))
    const causes = connections.map(({ closed }) => closed.cause._tag).sort()
    expect(causes).toEqual(['HandlerFailed', 'ShutDown'])
  })
})

describe('the report', () => {
  it('has the cause of each, in the order in which they ended, and the time it took [R10][R22]', async () => {
    const clock = new VirtualClock()
    const listener = await listening({ scheduler: clock })
    of(listener)
      .pipe(serve<string, string>(lines(), (in$) => in$.pipe(mapAsync(1, () => NEVER)))) // prettier-ignore
      .subscribe()
    const [stuck, breaks, idle] = await come(listener, 3)
    for (const peer of [stuck, breaks]) peer?.write('a\n')
    idle?.once('end', () => idle.end()).resume()
    await turns(20)
    const draining = reportOf(listener.drain({ deadlineMs: 5_000 }))
    await until('the idle one is gone', () => listener.live === 2)
    breaks?.resetAndDestroy()
    clock.advance(2_000)
    await turns(20)
    clock.advance(3_000)
    const { connections, finished, aborted, durationMs } = await draining
    expect([finished + aborted, durationMs]).toEqual([3, 5_000])
    expect(connections[0]?.closed.cause).toEqual({ _tag: 'ShutDown' })
    expect(connections.at(-1)?.connection.remote?.port).toBeDefined()
    await expect(stuck && everything(stuck)).rejects.toThrow('closed')
  })

  it('adds up, whatever goes on [R25]', async () => {
    const what = fc.array(fc.constantFrom('idle', 'ask', 'stuck', 'reset', 'end', 'pending'), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(what, fc.boolean(), fc.integer({ min: 0, max: 4 }), async (peers, served, late) => {
        const clock = new VirtualClock()
        const listener = await listening({ scheduler: clock, probeMs: 5, atLimit: 'wait', maxConnections: 6 })
        const answer = (line: string) => (line === 'stuck' ? NEVER : of(line))
        if (served) of(listener).pipe(serve<string, string>(lines(), (in$) => in$.pipe(mapAsync(1, answer)))).subscribe() // prettier-ignore
        for (const kind of peers) {
          const [peer] = await come(listener, 1)
          peer?.once('end', () => peer.end()).resume()
          if (kind === 'ask' || kind === 'stuck') peer?.write(`${kind}\n`)
          else if (kind === 'reset') peer?.resetAndDestroy()
          else if (kind === 'end') peer?.end()
          else if (kind === 'pending') listener.suspend()
        }
        await turns(5)
        for (let i = 0; i < late; i++) void peerOf(listener).then((peer) => peer.once('end', () => peer.end()).resume(), () => undefined) // prettier-ignore
        const draining = reportOf(listener.drain({ deadlineMs: 1_000 }))
        await turns(30)
        clock.advance(1_000)
        await draining
        const { arrived, accepted, refused, left } = listener.counts
        const sentAway = Object.values(refused).reduce((sum, count) => sum + count, 0)
        expect(arrived).toBe(accepted + sentAway + left)
        expect([listener.live, listener.pending]).toEqual([0, 0])
        giveBack()
      }),
      { numRuns: 40 },
    )
  })
})

describe('await using', () => {
  it('drains the listener at the end of the block [R25]', async () => {
    const listener = await listening()
    const events = told(listener)
    shoutingAt(listener)
    const [peer] = await come(listener, 1)
    peer?.once('end', () => peer.end())
    peer?.write('hello\n')
    const got = peer && everything(peer)
    {
      await using used = listener
      expect(used.live).toBe(1)
    }
    expect(await got).toBe('HELLO\n')
    expect(events.slice(-2)).toEqual(['Draining', 'Closed'])
  })
})

describe('abort', () => {
  it('closes at once, as unsubscribing does, and completes the listening [R14]', async () => {
    const listener = await listening()
    const events = told(listener)
    shoutingAt(listener)
    const [peer] = await come(listener, 1)
    const broken = peer && expect(everything(peer)).rejects.toThrow('closed before its end')
    listener.abort()
    listener.abort()
    await broken
    expect(events).toEqual(['Accepted', 'Closed'])
    const completed = new Promise((resolve) => {
      listen({ port: 0, host: HOST }).subscribe({ next: (one) => { one.abort() }, complete: () => { resolve('completed') } }) // prettier-ignore
    })
    expect(await completed).toBe('completed')
  })

  it('counts whoever waits as refused: nobody is lost [R24]', async () => {
    const listener = await listening()
    await come(listener, 3)
    listener.abort()
    expect(listener.counts).toMatchObject({ arrived: 3, accepted: 0, refused: { draining: 3 } })
  })
})
