import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { map, NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler, Listener, ListenerEvent } from '../src/index.ts'
import { mapAsync, serve } from '../src/index.ts'
import { everything, listening, next, peerOf } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { reportOf } from './support/report.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))

const serving = (listener: Listener, handler: Handler<string, string> = shout): string[] => {
  const causes: string[] = []
  of(listener)
    .pipe(serve(lines(), handler))
    .subscribe(({ closed }) => causes.push(closed.cause._tag))
  return causes
}

/** A client that ends when the server does. */
const polite = async (listener: Listener) => {
  const peer = await peerOf(listener)
  peer.once('end', () => peer.end())
  return peer
}

describe('drain', () => {
  it('of an idle listener is over at once, and reports nobody [R25]', async () => {
    const listener = await listening()
    const events: ListenerEvent[] = []
    listener.events$.subscribe((event) => events.push(event))
    const nobody = { live: 0, arrived: 0, finished: 0, aborted: 0, refused: 0, connections: [] }
    expect(await reportOf(listener.drain())).toMatchObject(nobody)
    expect(events.map(({ _tag }) => _tag)).toEqual(['Listening', 'Draining', 'Closed'])
    expect(await reportOf(listener.drain())).toMatchObject(nobody)
  })

  it('is lazy: nothing happens before it is run [R26]', async () => {
    const listener = await listening()
    serving(listener)
    listener.drain()
    const peer = await peerOf(listener)
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
  })

  it('accepts nobody any more [R25]', async () => {
    const listener = await listening()
    serving(listener)
    const peer = await polite(listener)
    await until('accepted', () => listener.live === 1)
    const draining = reportOf(listener.drain())
    await turns(10)
    await expect(peerOf(listener)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    peer.resume()
    await draining
  })

  it('ends what is idle, and each connection is in the report with its end [R10][R25]', async () => {
    const listener = await listening()
    const causes = serving(listener)
    const peers = await Promise.all([polite(listener), polite(listener), polite(listener)])
    for (const peer of peers) {
      peer.write('hello\n')
      expect(await next(peer, 6)).toBe('HELLO\n')
    }
    const { finished, aborted, connections } = await reportOf(listener.drain())
    expect([finished, aborted, connections.length]).toEqual([3, 0, 3])
    expect(new Set(connections.map(({ connection }) => connection.id)).size).toBe(3)
    for (const { closed } of connections) {
      expect(closed.cause).toEqual({ _tag: 'ShutDown' })
      expect(closed.figures).toMatchObject({ bytesRead: 6, bytesWritten: 6, bytesUnsent: 0, bytesUnread: 0 })
    }
    expect(causes).toEqual(['ShutDown', 'ShutDown', 'ShutDown'])
  })

  it('lets answers that are in flight arrive [R25]', async () => {
    const listener = await listening()
    let begun = 0
    serving(listener, (in$) =>
      in$.pipe(
        mapAsync(4, async (line) => {
          begun++
          for (let i = 0; i < 50; i++) await turn()
          return line.toUpperCase()
        }),
      ),
    )
    const peer = await polite(listener)
    const got = everything(peer)
    peer.write('a\nb\nc\n')
    await until('all in flight', () => begun === 3)
    const { finished } = await reportOf(listener.drain())
    expect(await got).toBe('A\nB\nC\n')
    expect(finished).toBe(1)
  })

  it('aborts at the deadline whoever is left, and counts him [R22][R25]', async () => {
    const clock = new VirtualClock()
    const listener = await listening({ scheduler: clock, lingerMs: Infinity })
    const never: Observable<string> = NEVER
    serving(listener, (in$) => in$.pipe(mapAsync(1, () => never)))
    const [stuck, idle] = [await polite(listener), await polite(listener)]
    stuck.write('a\n')
    idle.resume()
    const broken = expect(everything(stuck)).rejects.toThrow('closed before its end')
    await turns(20)
    const draining = reportOf(listener.drain({ deadlineMs: 1_000 }))
    await until('the idle one gone', () => listener.live === 1)
    clock.advance(999)
    await turns(10)
    expect(listener.live).toBe(1)
    clock.advance(1)
    const { finished, aborted, connections } = await draining
    expect([finished, aborted, connections.length]).toEqual([1, 1, 2])
    expect(connections[1]?.closed.cause).toEqual({ _tag: 'ShutDown' })
    await broken
  })

  it('that is cut short by unsubscribing counts as aborted whom that aborts [R14][R25]', async () => {
    const listener = await listening()
    const never: Observable<string> = NEVER
    serving(listener, (in$) => in$.pipe(mapAsync(1, () => never)))
    const peer = await peerOf(listener)
    peer.write('a\n')
    await turns(20)
    const draining = reportOf(listener.drain())
    giveBack()
    expect(await draining).toMatchObject({ finished: 0, aborted: 1, connections: [{ closed: { cause: { _tag: 'ShutDown' } } }] }) // prettier-ignore
  })

  it('again is the same drain [R25]', async () => {
    const listener = await listening()
    serving(listener)
    const peer = await polite(listener)
    peer.resume()
    await until('accepted', () => listener.live === 1)
    const [one, two] = await Promise.all([reportOf(listener.drain()), reportOf(listener.drain({ deadlineMs: 1 }))])
    expect(one).toBe(two)
    expect(one.finished).toBe(1)
  })

  it('refuses a deadline that cannot work [R16][R27]', async () => {
    const listener = await listening()
    expect(() => listener.drain({ deadlineMs: 0 })).toThrow('deadlineMs')
  })
})
