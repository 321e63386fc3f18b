import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import type { Subscription } from 'rxjs'
import { map, NEVER, of, range, Subject, Subscription as Bag, takeUntil, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { connect, createGate, listen, mapAsync, serve, speak, writeTo } from '../src/index.ts'
import { closing, connected, HOST, listening, pair, peerOf, portOf } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const slowly = (line: string): Promise<string> => turn(line.toUpperCase())

describe('unsubscribing', () => {
  it('at any moment releases sockets, timers and holds, on both ends [R14]', async () => {
    const moment = fc.record({ server: fc.nat({ max: 12 }), client: fc.nat({ max: 12 }), lines: fc.nat({ max: 300 }) })
    const property = fc.asyncProperty(moment, async ({ server, client, lines: count }) => {
      const both = new Bag()
      let port = 0
      const serving = listen({ port: 0, host: HOST, silenceMs: 60_000, highWaterMark: 256 })
        .pipe(
          tap((listener) => (port = portOf(listener))),
          serve(lines(), mapAsync(3, slowly)),
        )
        .subscribe()
      both.add(serving)
      await until('the port', () => port !== 0)
      const talking = connect({ host: HOST, port })
        .pipe(speak(lines(), () => range(0, count).pipe(map((n) => String(n)))))
        .subscribe({ error: () => undefined })
      both.add(talking)
      for (let i = 0; i < 13; i++) {
        if (i === server) serving.unsubscribe()
        if (i === client) talking.unsubscribe()
        await turn()
      }
      both.unsubscribe()
    })
    await fc.assert(property, { numRuns: 150 })
  })

  it('from inside next, at any message, delivers nothing more and releases all [R14]', async () => {
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.boolean(), async (at, asynchronous) => {
      const listener = await listening()
      const seen: number[] = []
      const upTo = tap((line: string) => {
        seen.push(Number(line))
        if (seen.length === at) serving.unsubscribe()
      })
      const handler = serve<string, string>(lines(), (in$) =>
        (asynchronous ? in$.pipe(mapAsync(2, slowly)) : in$).pipe(upTo),
      )
      const serving: Subscription = of(listener).pipe(handler).subscribe()
      const peer = await peerOf(listener)
      peer.write(Array.from({ length: 30 }, (_, i) => `${String(i)}\n`).join(''))
      await until('the connection gone', () => seen.length === at && listener.live === 0)
      await turns(5)
      expect(seen).toEqual(Array.from({ length: at }, (_, i) => i))
      giveBack()
    })
    await fc.assert(property, { numRuns: 60 })
  })

  it('inside the handler’s own call, before it returns, leaves nothing running [R14]', async () => {
    const { connection } = await pair()
    const enough$ = new Subject<void>()
    let said = 0
    const endless = speak<string, string>(lines(), () => {
      enough$.next()
      return range(0, Number.MAX_SAFE_INTEGER).pipe(map(() => String(said++)))
    })
    of(connection).pipe(endless, takeUntil(enough$)).subscribe()
    expect((await closing(connection)).cause._tag).toBe('Aborted')
    expect(said).toBe(0)
  })

  it('of data$ inside next keeps the connection, and what was not taken [R1][R14]', async () => {
    const { connection, peer } = await pair()
    const chunks: string[] = []
    const reading: Subscription = connection.data$.subscribe((bytes) => {
      chunks.push(Buffer.from(bytes).toString())
      reading.unsubscribe()
    })
    peer.write('a')
    await until('the first', () => chunks.length === 1)
    peer.write('b')
    await turns(20)
    expect(chunks).toEqual(['a'])
    connection.data$.subscribe({
      next: (bytes) => chunks.push(Buffer.from(bytes).toString()),
      error: () => undefined,
    })
    await until('the rest', () => chunks.length === 2)
    expect(chunks).toEqual(['a', 'b'])
  })

  it('of a sink that holds a source lets the source go when its connection closes [R3][R14]', async () => {
    const slow = await pair({ highWaterMark: 1 })
    const source = await pair()
    source.connection.data$.pipe(writeTo(slow.connection)).subscribe({ error: () => undefined })
    source.peer.write(Buffer.alloc(64 << 20))
    await until('the slow one full', () => slow.connection.full)
    slow.connection.abort()
    await closing(slow.connection)
    const before = source.connection.figures.bytesRead
    source.connection.data$.subscribe({ error: () => undefined })
    await until('more read', () => source.connection.figures.bytesRead > before)
  })

  it('of mapAsync releases the gate it held [R14]', () => {
    const told: string[] = []
    const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    const messages$ = new Subject<string>()
    const working = messages$.pipe(mapAsync(1, () => NEVER)).subscribe()
    gate.run(() => {
      messages$.next('a')
    })
    expect(told).toEqual(['pause'])
    working.unsubscribe()
    expect(told).toEqual(['pause', 'resume'])
  })
})

describe('await using', () => {
  it('aborts and waits for the end [R14]', async () => {
    const listener = await listening()
    const connection = await connected({ port: portOf(listener) })
    await connection[Symbol.asyncDispose]()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason: undefined })
  })
})
