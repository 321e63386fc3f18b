import type { Socket } from 'node:net'
import { once } from 'node:events'
import { lines } from '@sluice/protocol'
import { NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, Handler, Listener } from '../src/index.ts'
import { mapAsync, mapAsyncUnordered, serve, speak } from '../src/index.ts'
import { come, shoutingAt, told } from './support/guests.ts'
import { dial, everything, listening, next, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { reportOf } from './support/report.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

/** Takes a few turns of the loop for each answer. */
const slowly: Handler<string, string> = (in$) =>
  in$.pipe(
    mapAsync(2, async (line) => {
      await turns(5)
      return line.toUpperCase()
    }),
  )

const serving = (listener: Listener, handler: Handler<string, string> = slowly): void => {
  of(listener).pipe(serve(lines(), handler)).subscribe()
}

/** Resolves when the bytes are with the kernel. */
const sent = async (peer: Socket, text: string): Promise<void> =>
  new Promise((resolve) => {
    peer.write(text, () => {
      resolve()
    })
  })

describe('a drain answers', () => {
  it('what the kernel had received when it began, though nobody had read it yet [R25]', async () => {
    const listener = await listening()
    serving(listener)
    const peers = await come(listener, 5)
    for (const peer of peers) {
      peer.write('warm\n')
      expect(await next(peer, 5)).toBe('WARM\n')
      peer.once('end', () => peer.end())
    }
    const answers = peers.map(everything)
    // the loop does not turn between the last write and the drain
    const written = peers.map((peer) => sent(peer, 'late\n'))
    const draining = reportOf(listener.drain())
    await Promise.all(written)
    expect(await Promise.all(answers)).toEqual(peers.map(() => 'LATE\n'))
    expect(await draining).toMatchObject({ live: 5, arrived: 0, finished: 5, aborted: 0, refused: 0 })
  })

  it('whom the kernel had accepted when it began, though we had not [R25]', async () => {
    const listener = await listening()
    serving(listener)
    const peers = Array.from({ length: 20 }, () => dial(listener))
    for (const peer of peers) peer.end('hello\n')
    // connected, all of them, and the loop has had no turn to accept them
    expect(listener.counts.arrived).toBe(0)
    const report = await reportOf(listener.drain())
    expect(report).toMatchObject({ live: 0, arrived: 20, finished: 20, aborted: 0, refused: 0 })
    expect(await Promise.all(peers.map(everything))).toEqual(peers.map(() => 'HELLO\n'))
  })

  it('who waits for a taker, as he takes them [R25]', async () => {
    const listener = await listening()
    const session = (connection: Connection) => of(connection).pipe(speak(lines(), slowly))
    listener.connections$.pipe(mapAsyncUnordered(2, session)).subscribe()
    const peers = await come(listener, 10)
    for (const peer of peers) peer.end('hello\n')
    expect(listener.pending).toBe(8)
    const draining = reportOf(listener.drain())
    expect(await Promise.all(peers.map(everything))).toEqual(peers.map(() => 'HELLO\n'))
    expect(await draining).toMatchObject({ live: 10, finished: 10, aborted: 0, refused: 0 })
  })

  it('what waits behind a full handler, all that came in one piece [R3][R25]', async () => {
    const listener = await listening()
    serving(listener)
    const [peer] = await come(listener, 1)
    if (peer === undefined) throw new Error('nobody came')
    peer.once('end', () => peer.end())
    const count = 200
    peer.write('hello\n'.repeat(count))
    await until('at work', () => listener.bufferedBytes > 0)
    const got = everything(peer)
    await reportOf(listener.drain())
    expect(await got).toBe('HELLO\n'.repeat(count))
  })

  it('everybody whose request was received, under load, and refuses who comes later [R25]', async () => {
    const listener = await listening()
    serving(listener)
    const lost: string[] = []
    let drained = false
    let [asked, answered] = [0, 0]
    /** Asks again and again until the server ends; what was asked before the drain must be answered. */
    const client = async (name: number): Promise<void> => {
      const peer = await peerOf(listener)
      let before = true
      let waiting = 0
      const ask = (): void => {
        before = !drained
        if (before) asked++
        waiting++
        peer.write(`${String(name)} a\n`)
      }
      peer.on('data', () => {
        waiting--
        if (before) answered++
        ask()
      })
      ask()
      await once(peer, 'end')
      if (before && waiting > 0) lost.push(String(name))
      peer.end()
    }
    const clients = Array.from({ length: 50 }, (_, name) => client(name))
    await until('many were answered', () => answered > 500)
    drained = true
    const draining = reportOf(listener.drain())
    await turns(20)
    await expect(peerOf(listener)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await Promise.all(clients)
    expect(lost).toEqual([])
    expect(answered).toBe(asked)
    expect(await draining).toMatchObject({ live: 50, finished: 50, aborted: 0, refused: 0 })
  })
})

describe('a drain sends away', () => {
  it('who waits and whom nobody will take, with a goodbye [R25]', async () => {
    const listener = await listening({ goodbye: (reason) => `${reason}\n` })
    const events = told(listener)
    const [peer] = await come(listener, 1)
    peer?.once('end', () => peer.end())
    peer?.write('hello\n')
    const got = peer && everything(peer)
    expect(await reportOf(listener.drain())).toMatchObject({ live: 1, finished: 0, refused: 1, connections: [] })
    expect(await got).toBe('draining\n')
    expect(events).toEqual(['Draining', 'Refused draining', 'Closed'])
  })

  it('without a word of ours ends gently too: what the peer had sent does not reset it [R11]', async () => {
    const listener = await listening()
    for (const peer of await come(listener, 20)) {
      peer.once('end', () => peer.end())
      await sent(peer, 'hello\n'.repeat(100))
    }
    expect(await reportOf(listener.drain())).toMatchObject({ live: 20, refused: 20 })
  })

  it('who waits still at the deadline [R25]', async () => {
    const clock = new VirtualClock()
    const listener = await listening({ scheduler: clock })
    listener.connections$.pipe(mapAsync(1, () => NEVER)).subscribe()
    const peers = await come(listener, 3)
    const gone = peers.map(async (peer) => everything(peer).catch(() => 'reset'))
    const draining = reportOf(listener.drain({ deadlineMs: 1_000 }))
    await turns(20)
    clock.advance(1_000)
    expect(await draining).toMatchObject({ live: 3, finished: 0, aborted: 1, refused: 2, durationMs: 1_000 })
    await Promise.all(gone)
  })

  it('who waits when the last taker leaves in the middle of it [R25]', async () => {
    const clock = new VirtualClock()
    const listener = await listening({ scheduler: clock })
    const taking = listener.connections$.pipe(mapAsync(1, () => NEVER)).subscribe()
    const peers = await come(listener, 3)
    for (const peer of peers) peer.once('end', () => peer.end()).resume()
    const draining = reportOf(listener.drain({ deadlineMs: 1_000 }))
    await turns(10)
    expect(listener.pending).toBe(2)
    taking.unsubscribe()
    await until('sent away', () => listener.pending === 0)
    expect(listener.live).toBe(1)
    clock.advance(1_000)
    expect(await draining).toMatchObject({ live: 3, finished: 0, aborted: 1, refused: 2 })
  })

  it('nobody after it has closed: who comes is refused by the system', async () => {
    const listener = await listening()
    shoutingAt(listener)
    await listener.drain()()
    await expect(peerOf(listener)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
