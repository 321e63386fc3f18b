import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import { concat, map, NEVER, of, Subject, take, takeUntil } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ReconnectEvent } from '../src/index.ts'
import { backoff, connect, reconnect, speak } from '../src/index.ts'
import { attempting } from './support/attempts.ts'
import { HOST, listening, portOf } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

describe('reconnect, unsubscribed', () => {
  it('makes no further attempt, in the middle of a wait or inside any event [R14]', async () => {
    const tags = ['Connecting', 'Up', 'Lost', 'Waiting'] as const
    for (const tag of tags) {
      const stop$ = new Subject<void>()
      let left = false
      const leave = (event: ReconnectEvent): void => {
        if (event._tag !== tag || left) return
        left = true
        stop$.next()
      }
      const { told, connection$, broken, wait } = attempting(['refused', 'connects'], {}, { tell: leave })
      connection$.pipe(takeUntil(stop$)).subscribe()
      await wait(100)
      if (!left) await broken()
      const before = told.length
      await wait(10_000)
      expect([left, told.length]).toEqual([true, before])
    }
  })

  it('gives its timer back in the middle of a wait [R14]', async () => {
    const { told, connection$, wait } = attempting(['refused'])
    const running = connection$.subscribe()
    await wait(50)
    running.unsubscribe()
    await wait(10_000)
    expect(told).toHaveLength(2)
  })

  it('aborts the connection it has made [R14]', async () => {
    const { wires, connection$ } = attempting(['connects'])
    const running = connection$.subscribe()
    running.unsubscribe()
    await turns()
    expect(wires[0]?.destroyed).toBe(true)
  })

  it('fails with what its listener throws, and makes no further attempt [R27]', async () => {
    const oh = new Error('oh')
    const { told, connection$, wait } = attempting(['refused'], {}, { tell: ({ _tag }) => { if (_tag === 'Waiting') throw oh } }) // prettier-ignore
    const seen: unknown[] = []
    connection$.subscribe({ error: (error: unknown) => seen.push(error) })
    await wait(10_000)
    expect([seen, told.length]).toEqual([[oh], 2])
  })

  it('never overflows the stack, nor spins, over a source that fails at once [F51]', async () => {
    const { told, connection$, wait, clock } = attempting(['refused'], { initialMs: 1, maxMs: 20 })
    const running = connection$.subscribe()
    clock.maxFrames = Infinity
    await wait(100_000)
    const connects = told.filter((one) => one.includes('connecting')).length
    expect(connects).toBeGreaterThan(4_000)
    expect(connects).toBeLessThan(10_001)
    running.unsubscribe()
  })

  it('leaves nothing behind over sockets, at whatever moment [R14]', async () => {
    const property = fc.asyncProperty(fc.nat({ max: 40 }), fc.boolean(), async (after, listens) => {
      const server = createServer((socket) => socket.on('error', () => undefined).resetAndDestroy())
      server.listen(0, HOST)
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      if (!listens) server.close()
      const policy = backoff({ initialMs: 1, minMs: 0, maxMs: 2 })
      const running = connect({ host: HOST, port })
        .pipe(
          reconnect(policy, { afterFinished: true }),
          speak(lines(), (in$) => in$),
        )
        .subscribe({ error: () => undefined })
      for (let i = 0; i < after; i++) await turn()
      running.unsubscribe()
      server.close()
    })
    await fc.assert(property, { numRuns: 40 })
  })
})

describe('reconnect, over sockets', () => {
  it('talks on with a server that was gone, and came back at the same port', async () => {
    const first = await listening()
    const port = portOf(first)
    const heard: string[] = []
    const told: string[] = []
    const client = connect({ host: HOST, port })
      .pipe(
        reconnect(backoff({ initialMs: 5, maxMs: 20 }), { tell: ({ _tag }) => told.push(_tag) }),
        speak(lines(), (in$) =>
          concat(
            of('hello'),
            in$.pipe(
              map((line) => heard.push(line)),
              map(() => 'more'),
              take(1),
            ),
            NEVER,
          ),
        ),
      )
      .subscribe({ error: () => undefined })
    const greets = speak<string, string>(lines(), (in$) => in$.pipe(map((line) => line.toUpperCase())))
    first.connections$.pipe(greets).subscribe()
    await until('the first greeting', () => heard.length === 1)
    first.connections$.subscribe({ error: () => undefined })
    giveBack()
    await until('a refused connect', () => told.filter((tag) => tag === 'Waiting').length > 1)
    const second = await listening({ port })
    second.connections$.pipe(greets).subscribe()
    await until('the second greeting', () => heard.length === 2)
    expect(heard).toEqual(['HELLO', 'HELLO'])
    expect(told.filter((tag) => tag === 'Lost')).toHaveLength(1)
    client.unsubscribe()
  })
})
