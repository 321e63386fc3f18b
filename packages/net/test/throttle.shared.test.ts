import type { SchedulerAction, Subscription } from 'rxjs'
import { from, range, Subject, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { throttleBytes, throttleMessages, tokenBucket } from '../src/index.ts'
import type { Passed } from './support/lawful.ts'
import { lawful } from './support/lawful.ts'
import { VirtualClock } from './support/virtualClock.ts'
import { heard } from './support/work.ts'

/** A clock whose timers all come late. */
class LateClock extends VirtualClock {
  override schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return super.schedule(work, delay + 7, state)
  }
}

describe('throttling', () => {
  it('begins anew at each subscription, unless a bucket is shared [R26]', () => {
    const scheduler = new VirtualClock()
    const rate = { perSecond: 1, burst: 2, scheduler }
    const own$ = range(0, 3).pipe(throttleMessages(rate))
    expect([heard(own$), heard(own$)]).toEqual([[0, 1], [0, 1]]) // prettier-ignore
    const shared$ = range(0, 3).pipe(throttleMessages(tokenBucket(rate)))
    const [first, second] = [heard(shared$), heard(shared$)]
    expect([first, second]).toEqual([[0, 1], []]) // prettier-ignore
    scheduler.advance(2_000)
    expect([first, second]).toEqual([[0, 1, 2, 'completed'], [0]]) // prettier-ignore
  })

  it('by a shared bucket gives everybody a turn, and no more to all than to one', () => {
    const scheduler = new VirtualClock()
    const bucket = tokenBucket({ perSecond: 10, burst: 1, scheduler })
    const passed: Passed[] = []
    const seen: string[] = []
    for (const name of ['a', 'b', 'c']) {
      range(0, 4)
        .pipe(throttleMessages(bucket))
        .subscribe((n) => {
          passed.push({ at: scheduler.now(), cost: 1 })
          seen.push(`${name}${String(n)}`)
        })
    }
    scheduler.advance(10_000)
    expect(seen.join(' ')).toBe('a0 a1 b0 c0 a2 b1 c1 a3 b2 c2 b3 c3')
    lawful(passed, 1, 10)
  })

  it('does not wait for who has left, and gives nothing to him [R14]', () => {
    const scheduler = new VirtualClock()
    const bucket = tokenBucket({ perSecond: 1, burst: 10, scheduler })
    expect(bucket.take(10)).toBe(true)
    const dear = from([1_000]).pipe(throttleMessages(bucket, { cost: (n) => n })).subscribe() // prettier-ignore
    const seen = heard(from([1]).pipe(throttleMessages(bucket)))
    scheduler.advance(5_000)
    expect(seen).toEqual([])
    dear.unsubscribe()
    scheduler.advance(1)
    expect(seen).toEqual([1, 'completed'])
  })

  it('keeps order and rate when a message brings others about', () => {
    const scheduler = new VirtualClock()
    const message$ = new Subject<string>()
    const seen: string[] = []
    message$.pipe(throttleMessages({ perSecond: 10, burst: 1, scheduler })).subscribe((message) => {
      seen.push(`${message} at ${String(scheduler.now())}`)
      if (message.length < 3) {
        message$.next(`${message}a`)
        message$.next(`${message}b`)
      }
    })
    message$.next('x')
    scheduler.advance(10_000)
    expect(seen.join(', ')).toBe('x at 0, xa at 100, xb at 200, xaa at 300, xab at 400, xba at 500, xbb at 600')
  })

  it('stops a source that emits without end from inside subscribe [R14]', () => {
    const endless$ = range(0, Number.MAX_SAFE_INTEGER)
    expect(heard(endless$.pipe(throttleMessages({ perSecond: 1, burst: 5 }), take(3)))).toEqual([0, 1, 2, 'completed']) // prettier-ignore
  })

  it('refuses rates that cannot work [R16][R27]', () => {
    for (const perSecond of [0, -1, NaN, Infinity]) {
      expect(() => throttleBytes({ perSecond })).toThrow('throttleBytes(): perSecond')
      expect(() => tokenBucket({ perSecond })).toThrow('tokenBucket(): perSecond')
    }
    expect(() => throttleMessages({ perSecond: 1, burst: 0 })).toThrow('throttleMessages(): burst')
    expect(() => throttleMessages({ perSecond: 1 }, { maxQueued: 0 })).toThrow('throttleMessages(): maxQueued')
  })
})

describe('a token bucket', () => {
  it('begins full, fills in time, and never over its burst', () => {
    const scheduler = new VirtualClock()
    const bucket = tokenBucket({ perSecond: 10, burst: 4, scheduler })
    expect([bucket.tokens, bucket.take(3), bucket.take(2), bucket.tokens]).toEqual([4, true, false, 1])
    scheduler.advance(200)
    expect(bucket.tokens).toBe(3)
    scheduler.advance(10_000)
    expect(bucket.tokens).toBe(4)
  })

  it('gives nothing for a cost that is none, and does not let anybody pass who waits', () => {
    const scheduler = new VirtualClock()
    const bucket = tokenBucket({ perSecond: 10, burst: 4, scheduler })
    expect([bucket.take(NaN), bucket.take(-1), bucket.tokens]).toEqual([false, false, 4])
    bucket.take(4)
    const waiting = from([4]).pipe(throttleMessages(bucket, { cost: (n) => n })).subscribe() // prettier-ignore
    scheduler.advance(300)
    expect([bucket.tokens, bucket.take(1)]).toEqual([3, false])
    waiting.unsubscribe()
    expect(bucket.take(1)).toBe(true)
  })

  it('holds a tenth of a second unless told otherwise, at least one', () => {
    expect([tokenBucket({ perSecond: 1_000 }).burst, tokenBucket({ perSecond: 2 }).burst]).toEqual([100, 1])
  })

  it('makes up for a timer that comes late', () => {
    const scheduler = new LateClock()
    const seen: number[] = []
    range(0, 1_000)
      .pipe(throttleMessages({ perSecond: 100, burst: 1, scheduler }))
      .subscribe((n) => seen.push(n))
    scheduler.advance(1_000)
    expect(seen.length).toBeGreaterThanOrEqual(99)
    expect(seen.length).toBeLessThanOrEqual(103)
  })
})
