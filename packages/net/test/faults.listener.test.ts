import { Server } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Listener, ListenerEvent } from '../src/index.ts'
import { handlesOf } from './support/handles.ts'
import { come, shouting, shoutingAt } from './support/guests.ts'
import { dial, everything, listening, peerOf, portOf } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { reportOf } from './support/report.ts'
import { until } from './support/turns.ts'

nothingLeft()

/** Node's server behind a listener. */
const serverOf = (listener: Listener): Server | undefined =>
  handlesOf(Server).find((one) => {
    const address = one.address()
    return typeof address === 'object' && address?.port === portOf(listener)
  })

/** What libuv calls when accept has failed. */
const failAccept = (listener: Listener, code: number): void => {
  const handle: unknown = Reflect.get(serverOf(listener) ?? {}, '_handle')
  if (typeof handle !== 'object' || handle === null) throw new Error('a server has a handle')
  const onconnection: unknown = Reflect.get(handle, 'onconnection')
  if (typeof onconnection === 'function') Reflect.apply(onconnection, handle, [code])
}

describe('a listener', () => {
  it('reports an accept that failed, harms nobody and goes on [R24]', async () => {
    const listener = await listening()
    const failures: ListenerEvent[] = []
    listener.events$.subscribe((event) => event._tag === 'AcceptFailed' && failures.push(event))
    shoutingAt(listener)
    const [early] = await come(listener, 1)
    for (const code of [-24, -23, -103, -105, -12]) failAccept(listener, code)
    const codes = failures.map((event): unknown => ('error' in event ? Reflect.get(event.error, 'code') : undefined))
    expect(codes).toEqual(['EMFILE', 'ENFILE', 'ECONNABORTED', 'ENOBUFS', 'ENOMEM'])
    const [late] = await come(listener, 1)
    for (const peer of [early, late]) {
      peer?.end('hello\n')
      expect(peer && (await everything(peer))).toBe('HELLO\n')
    }
  })

  it('accounts for everybody who came, whenever it is closed: accepted and refused are all [R24][R25]', async () => {
    const ways = fc.constantFrom('drain', 'abort', 'unsubscribe')
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 4 }),
        ways,
        async (count, after, how) => {
          const listener = await listening()
          const serving = of(listener).pipe(shouting).subscribe()
          const peers = Array.from({ length: count }, () => dial(listener))
          const ends = peers.map(async (peer) => {
            peer.end('hello\n')
            return everything(peer).catch(() => 'reset')
          })
          for (let turns = 0; turns < after; turns++) await turn()
          if (how === 'drain') await reportOf(listener.drain())
          else if (how === 'abort') listener.abort()
          else giveBack()
          const answers = await Promise.all(ends)
          const { arrived, accepted, refused } = listener.counts
          // a client has an answer, or a reset from the kernel; no request is half handled
          expect(answers.filter((answer) => answer !== 'HELLO\n' && answer !== 'reset' && answer !== '')).toEqual([])
          expect(arrived).toBe(accepted + refused.draining)
          if (how === 'drain') expect(answers.filter((answer) => answer === 'HELLO\n')).toHaveLength(count)
          serving.unsubscribe()
          giveBack()
        },
      ),
      { numRuns: 30 },
    )
  })

  it('leaves no listener, timer or descriptor behind of 500 that came and went [R14]', async () => {
    const names = ['SIGTERM', 'SIGINT', 'warning', 'exit', 'beforeExit', 'uncaughtException']
    const count = (): number => names.reduce((sum, name) => sum + process.listenerCount(name), 0)
    const before = count()
    const listener = await listening({ maxConnections: 8, maxUnconsumed: 4, goodbye: 'full\n', atLimit: 'wait' })
    shoutingAt(listener)
    for (let round = 0; round < 25; round++) {
      const peers = await Promise.all(Array.from({ length: 20 }, () => peerOf(listener)))
      peers.forEach((peer, i) => {
        if (i % 3 === 0) peer.resetAndDestroy()
        else if (i % 3 === 1) peer.end('hello\n')
        else peer.destroy()
      })
      await until('all gone', () => listener.live + listener.pending === 0)
      giveBackPeers(peers)
    }
    expect(listener.counts.arrived).toBe(500)
    expect(count()).toBe(before)
  })

  it('survives peers that are gone before it could look at them [R24]', async () => {
    const listener = await listening({ maxConnectionsPerPeer: 5, allow: ['127.0.0.0/8'] })
    shoutingAt(listener)
    for (let i = 0; i < 50; i++) {
      const peer = await peerOf(listener)
      peer.resetAndDestroy()
    }
    await until('all gone', () => listener.live === 0 && listener.counts.arrived === 50)
    const [peer] = await come(listener, 1)
    peer?.end('hello\n')
    expect(peer && (await everything(peer))).toBe('HELLO\n')
  })
})

const giveBackPeers = (peers: readonly { destroy(): unknown }[]): void => {
  for (const peer of peers) peer.destroy()
}
