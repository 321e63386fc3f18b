import { lastValueFrom, map, NEVER, of, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { currentGate, fromIterable, mapAsync } from '../src/index.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const values = <A>(items: Iterable<A> | AsyncIterable<A>): Promise<A[]> =>
  lastValueFrom(fromIterable(items).pipe(toArray()))

describe('fromIterable', () => {
  it('gives all items of an iterable and of an async iterable, in order', async () => {
    expect(await values([1, 2, 3])).toEqual([1, 2, 3])
    expect(await values((async function* () { yield await Promise.resolve('a'); yield 'b' })())).toEqual(['a', 'b']) // prettier-ignore
    expect(await values([])).toEqual([])
  })

  it('begins anew at each subscription, and asks for nothing before [R26]', async () => {
    let begun = 0
    const items = { *[Symbol.iterator]() { yield ++begun } } // prettier-ignore
    const values$ = fromIterable(items)
    expect(begun).toBe(0)
    expect([await lastValueFrom(values$), await lastValueFrom(values$)]).toEqual([1, 2])
  })

  it('makes nothing ahead of time: what is held is not asked [R3]', async () => {
    let made = 0
    const items = (function* () {
      for (;;) yield ++made
    })()
    const working = fromIterable(items)
      .pipe(mapAsync(3, () => NEVER))
      .subscribe()
    await turns(5)
    expect(made).toBe(3)
    working.unsubscribe()
  })

  it('keeps an answer that comes while it is held, and gives it when it is let go [R3]', async () => {
    let give: (value: string) => void = () => undefined
    const items = (async function* () {
      yield 'first'
      yield await new Promise<string>((resolve) => (give = resolve))
    })()
    const seen: string[] = []
    let gate = currentGate()
    fromIterable(items).subscribe((item) => {
      seen.push(item)
      gate = currentGate()
    })
    await until('the first', () => seen.length === 1)
    gate?.hold(seen)
    await turns(1)
    give('second')
    await turns(5)
    expect(seen).toEqual(['first'])
    gate?.release(seen)
    expect(seen).toEqual(['first', 'second'])
  })

  it('lets the event loop turn however fast the items come', async () => {
    let made = 0
    const items = (function* () {
      for (;;) yield ++made
    })()
    const reading = fromIterable(items).subscribe()
    await turns(3)
    reading.unsubscribe()
    const before = made
    expect(before).toBeGreaterThan(0)
    await turns(3)
    expect(made).toBe(before)
  })

  it('leaves the iteration from inside next, once, and takes nothing more [R14]', async () => {
    let left = 0
    const items = (function* () {
      try {
        for (let i = 0; ; i++) yield i
      } finally {
        left++
      }
    })()
    expect(await lastValueFrom(fromIterable(items).pipe(take(3), toArray()))).toEqual([0, 1, 2])
    expect(left).toBe(1)
  })

  it('takes many items without growing the stack', async () => {
    const many = Array.from({ length: 100_000 }, (_, i) => i)
    expect(await lastValueFrom(fromIterable(many).pipe(map((i) => i + 1)))).toBe(100_000)
  })

  it('fails with what the iterator throws, or cannot even begin with [R27]', async () => {
    const error = new Error('oh')
    const fail = (): never => {
      throw error
    }
    await expect(values({ [Symbol.iterator]: () => ({ next: fail }) })).rejects.toBe(error)
    await expect(values({ [Symbol.iterator]: fail })).rejects.toBe(error)
    await expect(values({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) })).rejects.toBe(error)
  })

  it('survives a return that throws [R14]', async () => {
    const items = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: () => {
          throw new Error('for nobody')
        },
      }),
    }
    expect(await lastValueFrom(fromIterable(items).pipe(take(1)))).toBe(1)
    expect(await lastValueFrom(of(1))).toBe(1)
  })
})
