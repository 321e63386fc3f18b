import { lines } from '@sluice/protocol'
import { concat, firstValueFrom, map, of, Subject, take, tap, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { currentGate, fromDuplex, speak } from '../src/index.ts'
import { everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

describe('the input of a handler', () => {
  it('keeps what is decoded for its next subscriber, also in the middle of a chunk [R1]', async () => {
    const { connection, peer } = await pair()
    const seen$ = new Subject<string>()
    const seen = firstValueFrom(seen$.pipe(toArray()))
    of(connection)
      .pipe(
        speak(lines(), (in$) => {
          const first$ = in$.pipe(take(1), map((line) => `first ${line}`)) // prettier-ignore
          const next$ = in$.pipe(take(2), map((line) => `next ${line}`)) // prettier-ignore
          const rest$ = in$.pipe(map((line) => `rest ${line}`))
          return concat(first$, next$, rest$)
        }),
      )
      .subscribe({ complete: () => seen$.complete() })
    peer.end('a\nb\nc\nd\ne\n')
    expect(await everything(peer)).toBe('first a\nnext b\nnext c\nrest d\nrest e\n')
    await seen
  })

  it('of a gate that is held gives its next subscriber nothing either [R1][R3]', async () => {
    const { connection, peer } = await pair()
    const holder = {}
    const seen: string[] = []
    const later$ = new Subject<never>()
    let release = (): void => undefined
    of(connection)
      .pipe(
        speak(lines(), (in$) => {
          const hold = map((line: string) => {
            const gate = currentGate()
            gate?.hold(holder)
            release = () => gate?.release(holder)
            seen.push(line)
            return line
          })
          return concat(in$.pipe(hold, take(1)), later$, in$.pipe(hold))
        }),
      )
      .subscribe()
    peer.end('a\nb\nc\n')
    await until('the first line', () => seen.length === 1)
    later$.complete()
    for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      await until(`so many lines: ${String(expected.length)}`, () => seen.length >= expected.length)
      await turns(10)
      expect(seen).toEqual(expected)
      release()
    }
    expect(await everything(peer)).toBe('a\nb\nc\n')
  })

  it('has one subscriber at a time [R1]', async () => {
    const { connection, peer } = await pair()
    const errors: unknown[] = []
    const twice: Handler<string, string> = (in$) => {
      queueMicrotask(() => in$.subscribe({ error: (error: unknown) => errors.push(error) }))
      return in$.pipe(map((line) => line.toUpperCase()))
    }
    of(connection).pipe(speak(lines(), twice)).subscribe()
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
    expect(errors).toMatchObject([{ _tag: 'AlreadySubscribed' }])
  })

  it('is not interrupted by bytes that come while it is dispatched: they wait for their turn (F43) [R4]', async () => {
    const seen: string[] = []
    const wire = new Wire()
    const connection = fromDuplex(wire)
    const meddling = tap((line: string) => {
      seen.push(line)
      if (line === 'a') wire.give('late\n')
      if (line === 'b') wire.give('later\n')
    })
    of(connection).pipe(speak(lines(), meddling)).subscribe() // prettier-ignore
    wire.give('a\nb\nc\nhal')
    await turns()
    wire.give('f\n')
    await turns()
    expect(seen).toEqual(['a', 'b', 'c', 'hallate', 'later', 'f'])
    connection.abort()
  })
})
