import type { Decoder, Protocol } from '@sluice/protocol'
import { lines } from '@sluice/protocol'
import { concat, from, map, Observable, of, range, Subject, take, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { decode } from '../src/index.ts'

const chunks = (...texts: string[]) => from(texts.map((text) => Buffer.from(text)))

/** What an Observable does, as a list. */
const heard = <A>(values$: Observable<A>): unknown[] => {
  const seen: unknown[] = []
  values$.subscribe({
    next: (value) => seen.push(value),
    error: (error: unknown) => seen.push(error),
    complete: () => seen.push('completed'),
  })
  return seen
}

describe('decode', () => {
  it('emits each message once, in order, and completes at a frame border [R4]', () => {
    expect(heard(chunks('he', 'llo\nwor', 'ld\n').pipe(decode(lines())))).toEqual(['hello', 'world', 'completed'])
  })

  it('emits the messages before an error, then the error, then nothing [R17]', () => {
    const seen = heard(chunks('ok\n', 'toolong\nok\n').pipe(decode(lines({ maxFrameBytes: 5 }))))
    expect(seen).toMatchObject(['ok', { _tag: 'TooLong', fault: 'remote', offset: 3 }])
  })

  it('fails with Truncated where the source completes inside a frame [R13]', () => {
    const seen = heard(chunks('ok\nhalf').pipe(decode(lines())))
    expect(seen).toMatchObject(['ok', { _tag: 'Truncated', phase: 'line', got: 4, offset: 3 }])
    expect(seen[1]).toHaveProperty('bytes', Buffer.from('half'))
  })

  it('emits what stands at the end where the protocol takes it for a message [R13]', () => {
    const seen = heard(chunks('ok\nhalf').pipe(decode(lines({ unterminated: 'line' }))))
    expect(seen).toEqual(['ok', 'half', 'completed'])
  })

  it('passes the error of its source on [R27]', () => {
    const error = new Error('oh')
    expect(
      heard(
        concat(
          chunks('a\n'),
          throwError(() => error),
        ).pipe(decode(lines())),
      ),
    ).toEqual(['a', error])
  })

  it('begins anew at each subscription [R26]', () => {
    const source$ = new Subject<Uint8Array>()
    const lines$ = source$.pipe(decode(lines()))
    const [first, second]: [string[], string[]] = [[], []]
    lines$.subscribe((line) => first.push(line))
    source$.next(Buffer.from('a\nb'))
    lines$.subscribe((line) => second.push(line))
    source$.next(Buffer.from('c\n'))
    expect([first, second]).toEqual([['a', 'bc'], ['c']])
  })

  it('releases its source when its subscriber leaves in the middle of a chunk [R14]', () => {
    let subscribed = 0
    const source$ = new Observable<Uint8Array>((subscriber) => {
      subscribed++
      subscriber.next(Buffer.from('a\nb\nc\n'))
      return () => subscribed--
    })
    expect(heard(source$.pipe(decode(lines()), take(2)))).toEqual(['a', 'b', 'completed'])
    expect(subscribed).toBe(0)
  })

  it('stops a source that emits without end from inside subscribe [R14]', () => {
    const endless$ = range(0, Number.MAX_SAFE_INTEGER).pipe(map(() => Buffer.from('a\n')))
    expect(heard(endless$.pipe(decode(lines()), take(3)))).toEqual(['a', 'a', 'a', 'completed'])
  })

  it('turns what a broken protocol throws into an error [R12][R27]', () => {
    const error = new Error('oh')
    const decoder: Decoder<never> = {
      buffered: 0,
      push: () => {
        throw error
      },
      end: () => {
        throw error
      },
      unread: () => Buffer.alloc(0),
    }
    const broken: Protocol<never> = { name: 'broken', decoder: () => decoder, encode: lines().encode }
    expect(heard(chunks('a').pipe(decode(broken)))).toEqual([error])
    expect(heard(of<Uint8Array>().pipe(decode(broken)))).toEqual([error])
  })
})
