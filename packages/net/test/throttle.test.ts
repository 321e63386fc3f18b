import fc from 'fast-check'
import { from, range, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { throttleBytes, throttleMessages } from '../src/index.ts'
import type { Passed } from './support/lawful.ts'
import { lawful } from './support/lawful.ts'
import { VirtualClock } from './support/virtualClock.ts'
import { heard } from './support/work.ts'

const rates = fc.record({
  perSecond: fc.double({ min: 0.5, max: 5_000, noNaN: true }),
  burst: fc.double({ min: 0.5, max: 500, noNaN: true }),
})

const arrivals = fc.array(
  fc.record({ afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 })), cost: fc.integer({ min: 0, max: 300 }) }), // prettier-ignore
  { minLength: 1, maxLength: 40 },
)

describe('throttleMessages', () => {
  it('lets no more pass in any time than the rate allows, loses nothing, and keeps the order', () => {
    const property = fc.property(rates, arrivals, (rate, messages) => {
      const scheduler = new VirtualClock()
      const message$ = new Subject<{ readonly i: number; readonly cost: number }>()
      const passed: (Passed & { readonly i: number })[] = []
      message$
        .pipe(throttleMessages({ ...rate, scheduler }, { cost: ({ cost }) => cost }))
        .subscribe((message) => passed.push({ ...message, at: scheduler.now() }))
      messages.forEach(({ afterMs, cost }, i) => {
        scheduler.advance(afterMs)
        message$.next({ i, cost })
      })
      const from = scheduler.now()
      const total = messages.reduce((sum, { cost }) => sum + cost, 0)
      scheduler.advance(1 + (total / rate.perSecond) * 1000 + messages.length)
      expect(passed.map(({ i }) => i)).toEqual(messages.map((_, i) => i))
      lawful(passed, Math.max(rate.burst, ...messages.map(({ cost }) => cost)), rate.perSecond)
      expect(passed.at(-1)?.at).toBeLessThanOrEqual(from + (total / rate.perSecond) * 1000 + messages.length)
    })
    fc.assert(property)
  })

  it('lets a burst pass at once, then one after the other', () => {
    const scheduler = new VirtualClock()
    const seen: string[] = []
    range(0, 6)
      .pipe(throttleMessages({ perSecond: 10, burst: 3, scheduler }))
      .subscribe({ next: (n) => seen.push(`${String(n)} at ${String(scheduler.now())}`), complete: () => seen.push('completed') }) // prettier-ignore
    scheduler.advance(1_000)
    expect(seen).toEqual(['0 at 0', '1 at 0', '2 at 0', '3 at 100', '4 at 200', '5 at 300', 'completed'])
  })

  it('lets what costs more than a burst pass when the bucket is full, and then pays the debt', () => {
    const scheduler = new VirtualClock()
    const seen: string[] = []
    from([1, 7, 1])
      .pipe(throttleMessages({ perSecond: 10, burst: 2, scheduler }, { cost: (n) => n }))
      .subscribe((n) => seen.push(`${String(n)} at ${String(scheduler.now())}`))
    scheduler.advance(10_000)
    expect(seen).toEqual(['1 at 0', '7 at 100', '1 at 700'])
  })

  it('fails with QueueFull when more wait than may, from a source that has no gate [R7]', () => {
    const scheduler = new VirtualClock()
    const flood = (maxQueued: number): unknown[] =>
      heard(range(0, 5).pipe(throttleMessages({ perSecond: 1, burst: 1, scheduler }, { maxQueued })))
    expect(flood(3)).toMatchObject([0, { _tag: 'QueueFull', operator: 'throttleMessages()', limit: 3 }])
    expect(flood(4)).toEqual([0])
  })

  it('passes the error of its source on at once [R27]', () => {
    const scheduler = new VirtualClock()
    const oh = new Error('oh')
    const message$ = new Subject<string>()
    const seen = heard(message$.pipe(throttleMessages({ perSecond: 1, burst: 1, scheduler })))
    message$.next('a')
    message$.next('b')
    message$.error(oh)
    scheduler.advance(10_000)
    expect(seen).toEqual(['a', oh])
  })

  it('fails with what its cost throws, or for a cost that is none, whenever that is [R27]', () => {
    const costs = [NaN, -1, Infinity]
    for (const cost of costs) {
      expect(heard(range(0, 1).pipe(throttleMessages({ perSecond: 1 }, { cost: () => cost })))).toMatchObject([{ _tag: 'WrongOption' }]) // prettier-ignore
    }
    const scheduler = new VirtualClock()
    const oh = new Error('oh')
    const third = (n: number): number => {
      if (n === 2) throw oh
      return 1
    }
    const seen = heard(range(0, 5).pipe(throttleMessages({ perSecond: 1, burst: 1, scheduler }, { cost: third })))
    scheduler.advance(10_000)
    expect(seen).toEqual([0, 1, oh])
  })
})

describe('throttleBytes', () => {
  it('passes exactly the bytes, in order, however long the chunks, at the rate', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 })
    const property = fc.property(rates, chunks, ({ perSecond, burst }, given) => {
      const scheduler = new VirtualClock()
      const got: Uint8Array[] = []
      const passed: Passed[] = []
      let completed = false
      from(given)
        .pipe(throttleBytes({ perSecond, burst, scheduler }))
        .subscribe({
          next: (bytes) => {
            got.push(bytes)
            passed.push({ at: scheduler.now(), cost: bytes.length })
          },
          complete: () => (completed = true),
        })
      scheduler.advance(1e9)
      expect(completed).toBe(true)
      expect(Buffer.concat(got).equals(Buffer.concat(given))).toBe(true)
      lawful(passed.slice(0, 100), Math.max(1, burst), perSecond)
    })
    fc.assert(property)
  })

  it('cuts a chunk longer than a burst without a copy', () => {
    const scheduler = new VirtualClock()
    const chunk = Buffer.from('hello')
    const seen: Uint8Array[] = []
    from([chunk]).pipe(throttleBytes({ perSecond: 1, burst: 2, scheduler })).subscribe((bytes) => seen.push(bytes)) // prettier-ignore
    scheduler.advance(10_000)
    expect(seen.map((bytes) => Buffer.from(bytes).toString())).toEqual(['he', 'll', 'o'])
    expect(seen.every(({ buffer }) => buffer === chunk.buffer)).toBe(true)
  })
})
