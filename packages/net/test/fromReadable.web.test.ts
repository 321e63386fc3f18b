import { firstValueFrom, lastValueFrom, map, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { currentGate, fromReadable } from '../src/index.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const first = map((bytes: Uint8Array) => bytes[0])

/** A web stream of `count` chunks that counts how many were asked for, and notes that it was cancelled. */
const counting = (count: number) => {
  let made = 0
  const cancelled: unknown[] = []
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        made++
        if (made > count) controller.close()
        else controller.enqueue(Uint8Array.of(made))
      },
      cancel: (reason) => {
        cancelled.push(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, made: () => made, cancelled }
}

/** The same as an async iterable. */
const iterating = (count: number) => {
  let made = 0
  let left = 0
  const items: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve(made === count ? { done: true, value: undefined } : { done: false, value: Uint8Array.of(++made) }), // prettier-ignore
      return: () => {
        left++
        return Promise.reject(new Error('for nobody'))
      },
    }),
  }
  return { items, made: () => made, left: () => left }
}

describe('fromReadable of a web stream', () => {
  it('asks for one chunk, and for none while it is held [R3]', async () => {
    const { stream, made } = counting(3)
    const letGo: (() => void)[] = []
    const seen: unknown[] = []
    fromReadable(stream).subscribe({
      next: (bytes) => {
        seen.push(bytes[0])
        const gate = currentGate()
        gate?.hold(seen)
        letGo.push(() => gate?.release(seen))
      },
      complete: () => seen.push('completed'),
    })
    for (let chunks = 1; chunks <= 3; chunks++) {
      await until('the next', () => seen.length === chunks)
      await turns(5)
      expect(made()).toBe(chunks)
      letGo[chunks - 1]?.()
    }
    await until('the end', () => seen.length === 4)
    expect(seen).toEqual([1, 2, 3, 'completed'])
  })

  it('cancels it when it is unsubscribed before the end [R14]', async () => {
    const { stream, cancelled } = counting(3)
    expect(await firstValueFrom(fromReadable(stream).pipe(first))).toBe(1)
    expect(cancelled.length).toBe(1)
    expect(stream.locked).toBe(false)
  })

  it('leaves it as it is where it is told to, with all it has not given [R1][R14]', async () => {
    const { stream, cancelled } = counting(4)
    const numbers$ = fromReadable(stream, { destroy: false }).pipe(first)
    expect(await lastValueFrom(numbers$.pipe(take(2), toArray()))).toEqual([1, 2])
    expect(await lastValueFrom(numbers$.pipe(toArray()))).toEqual([3, 4])
    expect(cancelled).toEqual([])
  })

  it('loses nothing where it leaves while a read is under way [R1]', async () => {
    let give: (bytes: Uint8Array) => void = () => undefined
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        give = (bytes) => {
          controller.enqueue(bytes)
        }
      },
    })
    const numbers$ = fromReadable(stream, { destroy: false }).pipe(first)
    numbers$.subscribe().unsubscribe()
    give(Uint8Array.of(7))
    expect(await firstValueFrom(numbers$)).toBe(7)
  })

  it('fails with StreamFailed when the stream does, and where it is locked [R27]', async () => {
    const cause = new Error('oh')
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.error(cause)
      },
    })
    await expect(lastValueFrom(fromReadable(broken))).rejects.toMatchObject({ _tag: 'StreamFailed', cause })
    const { stream } = counting(1)
    stream.getReader()
    await expect(lastValueFrom(fromReadable(stream))).rejects.toMatchObject({ _tag: 'StreamFailed' })
  })
})

describe('fromReadable of an async iterable', () => {
  it('gives all of it, and does not leave it after its end', async () => {
    const { items, left } = iterating(3)
    expect(await lastValueFrom(fromReadable(items).pipe(first, toArray()))).toEqual([1, 2, 3])
    expect(left()).toBe(0)
  })

  it('leaves it when it is unsubscribed, whatever its return fails with [R14]', async () => {
    const { items, left, made } = iterating(3)
    expect(await firstValueFrom(fromReadable(items).pipe(first))).toBe(1)
    expect([left(), made()]).toEqual([1, 1])
    expect(await firstValueFrom(fromReadable(items, { destroy: false }).pipe(first))).toBe(2)
    expect(left()).toBe(1)
  })
})
