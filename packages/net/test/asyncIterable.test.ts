import { lines } from '@sluice/protocol'
import { EMPTY, from, interval, merge, NEVER, of, range, Subject, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, decode, iterate } from '../src/index.ts'
import { pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const collect = async <A>(items: AsyncIterable<A>): Promise<A[]> => {
  const all: A[] = []
  for await (const item of items) all.push(item)
  return all
}

/** A source of one's own with a gate that notes what it is told. */
const gated = (name: string, told: string[]) => {
  const gate = createGate({ pause: () => told.push(`pause ${name}`), resume: () => told.push(`resume ${name}`) })
  const values$ = new Subject<string>()
  const say = (text: string): void => {
    gate.run(() => {
      values$.next(text)
    })
  }
  return { values$, say }
}

describe('iterate', () => {
  it('gives each value, in order, and ends with the source', async () => {
    expect(await collect(iterate(of(1, 2, 3)))).toEqual([1, 2, 3])
    expect(await collect(iterate(EMPTY))).toEqual([])
  })

  it('subscribes at the first next, and anew for each loop [R26]', async () => {
    let subscribed = 0
    const values$ = from([1, 2])
    const counted$ = new Subject<never>()
    const items = iterate(merge(values$, counted$))
    expect(counted$.observed).toBe(false)
    for (; subscribed < 2; subscribed++) {
      const iterator = items[Symbol.asyncIterator]()
      expect(counted$.observed).toBe(false)
      expect(await iterator.next()).toEqual({ done: false, value: 1 })
      expect(counted$.observed).toBe(true)
      await iterator.return?.()
      expect(counted$.observed).toBe(false)
    }
  })

  it('holds what feeds it while the loop works, and asks for one more after [R3]', async () => {
    const told: string[] = []
    const { values$, say } = gated('a', told)
    const iterator = iterate(values$)[Symbol.asyncIterator]()
    const first = iterator.next()
    say('one')
    expect(told).toEqual(['pause a'])
    expect(await first).toEqual({ done: false, value: 'one' })
    const second = iterator.next()
    expect(told).toEqual(['pause a', 'resume a'])
    say('two')
    expect(await second).toEqual({ done: false, value: 'two' })
    await iterator.return?.()
    expect(told).toEqual(['pause a', 'resume a', 'pause a', 'resume a'])
  })

  it('holds each of several sources, and keeps what they gave meanwhile, in order [R3]', async () => {
    const told: string[] = []
    const [a, b] = [gated('a', told), gated('b', told)]
    const iterator = iterate(merge(a.values$, b.values$))[Symbol.asyncIterator]()
    const first = iterator.next()
    a.say('one')
    b.say('two')
    expect(told).toEqual(['pause a', 'pause b'])
    expect([await first, await iterator.next()]).toMatchObject([{ value: 'one' }, { value: 'two' }])
    expect(told).toEqual(['pause a', 'pause b'])
    void iterator.next()
    expect(told).toEqual(['pause a', 'pause b', 'resume a', 'resume b'])
    await iterator.return?.()
  })

  it('answers several calls of next in their order, and holds only when all are', async () => {
    const told: string[] = []
    const { values$, say } = gated('a', told)
    const iterator = iterate(values$)[Symbol.asyncIterator]()
    const asked = [iterator.next(), iterator.next()]
    say('one')
    expect(told).toEqual([])
    say('two')
    expect(told).toEqual(['pause a'])
    expect(await Promise.all(asked)).toMatchObject([{ value: 'one' }, { value: 'two' }])
    await iterator.return?.()
  })

  it('stops a decoder at every line, and a socket behind it [R3]', async () => {
    const { connection, peer } = await pair()
    peer.write('x'.repeat(99).concat('\n').repeat(400_000))
    let taken = 0
    for await (const line of iterate(connection.data$.pipe(decode(lines())))) {
      taken += line.length + 1
      if (taken % 50_000 === 0) {
        await turns(3)
        expect(connection.figures.bytesRead - taken).toBeLessThanOrEqual(2 * 64 * 1024)
      }
      if (taken === 1_000_000) break
    }
    expect(connection.paused).toBe(true)
    expect(connection.figures.bytesRead).toBeLessThan(2_000_000)
  })

  it('unsubscribes when the loop is left, and lets go of what it held [R14]', async () => {
    const told: string[] = []
    const { values$, say } = gated('a', told)
    const looping = (async () => {
      for await (const value of iterate(values$)) return value
      return null
    })()
    await turns(1)
    say('one')
    expect(await looping).toBe('one')
    expect(values$.observed).toBe(false)
    expect(told).toEqual(['pause a', 'resume a'])
  })

  it('that is left ends what still waits, and stays at its end', async () => {
    const iterator = iterate(NEVER)[Symbol.asyncIterator]()
    const waiting = iterator.next()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('throws the error of the source, behind the values before it, once [R27]', async () => {
    const error = new Error('oh')
    const iterator = iterate(
      merge(
        of('a', 'b'),
        throwError(() => error),
      ),
    )[Symbol.asyncIterator]()
    expect(await iterator.next()).toEqual({ done: false, value: 'a' })
    expect(await iterator.next()).toEqual({ done: false, value: 'b' })
    await expect(iterator.next()).rejects.toBe(error)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('fails with QueueFull where no gate holds the source, behind what it kept, and leaves it [R7]', async () => {
    const iterator = iterate(range(0, 100), { maxQueued: 3 })[Symbol.asyncIterator]()
    const got: unknown[] = []
    for (let i = 0; i < 4; i++) got.push((await iterator.next()).value)
    expect(got).toEqual([0, 1, 2, 3])
    await expect(iterator.next()).rejects.toMatchObject({ _tag: 'QueueFull', operator: 'iterate()', limit: 3 })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('leaves a source it could not hold at once, not when somebody asks [R14]', async () => {
    const ticks$ = new Subject<number>()
    const iterator = iterate(ticks$, { maxQueued: 1 })[Symbol.asyncIterator]()
    void iterator.next()
    for (let i = 0; i < 3; i++) ticks$.next(i)
    expect(ticks$.observed).toBe(false)
    await iterator.return?.()
  })

  it('fails with ConnectionLost when the connection breaks [R10]', async () => {
    const { connection, peer } = await pair({ probeMs: 5 })
    const looping = collect(iterate(connection.data$))
    await until('the reader', () => !connection.paused)
    peer.resetAndDestroy()
    await expect(looping).rejects.toMatchObject({ _tag: 'ConnectionLost', reason: { _tag: 'Reset' } })
  })

  it('refuses an option that cannot work [R27]', () => {
    expect(() => iterate(interval(1), { maxQueued: 0 })).toThrow('maxQueued is 0')
  })
})
