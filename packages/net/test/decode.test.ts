import type { Decoder, Protocol } from '@sluice/protocol'
import { lines } from '@sluice/protocol'
import { concat, from, map, Observable, of, range, Subject, take, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, currentGate, decode } from '../src/index.ts'

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

describe('decode behind a gate', () => {
  const held = (texts: readonly string[]) => {
    const told: string[] = []
    const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    const source$ = new Subject<Uint8Array>()
    const holder = {}
    const seen: string[] = []
    source$.pipe(decode(lines())).subscribe({
      next: (line) => {
        seen.push(line)
        currentGate()?.hold(holder)
      },
      complete: () => seen.push('completed'),
    })
    for (const text of texts) {
      gate.run(() => {
        source$.next(Buffer.from(text))
      })
    }
    const release = (): void => {
      gate.release(holder)
    }
    return { gate, told, source$, seen, release }
  }

  it('stops at the message that held it, and goes on with the next one [R3]', () => {
    const { seen, release, told } = held(['a\nb\nc\nd'])
    expect(seen).toEqual(['a'])
    release()
    expect(seen).toEqual(['a', 'b'])
    release()
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(told).toEqual(['pause'])
    release()
    expect(told).toEqual(['pause', 'resume'])
  })

  it('completes only after what it still holds [R3][R4]', () => {
    const { seen, release, source$ } = held(['a\nb\n'])
    source$.complete()
    expect(seen).toEqual(['a'])
    release()
    release()
    expect(seen).toEqual(['a', 'b', 'completed'])
  })

  it('emits nothing any more to who has left, and leaves the gate open [R14]', () => {
    const gate = createGate({ pause: () => undefined, resume: () => undefined })
    const source$ = new Subject<Uint8Array>()
    const holder = {}
    const seen: string[] = []
    const reading = source$.pipe(decode(lines())).subscribe((line) => {
      seen.push(line)
      gate.hold(holder)
    })
    gate.run(() => {
      source$.next(Buffer.from('a\nb\n'))
    })
    reading.unsubscribe()
    gate.release(holder)
    expect(seen).toEqual(['a'])
    expect(gate.held).toBe(false)
  })

  it('in a chain of two stops both, and loses and reorders nothing [R3][R4]', () => {
    const gate = createGate({ pause: () => undefined, resume: () => undefined })
    const source$ = new Subject<Uint8Array>()
    const holder = {}
    const seen: string[] = []
    const outer = lines({ encoding: 'bytes', ending: 'lf' })
    const relined = map((line: Uint8Array) => Buffer.concat([line, Buffer.from('\n')]))
    const split = map((bytes: Buffer) => Buffer.from(bytes.toString().replaceAll(',', '\n')))
    source$.pipe(decode(outer), relined, split, decode(lines())).subscribe((line) => {
      seen.push(line)
      gate.hold(holder)
    })
    gate.run(() => {
      source$.next(Buffer.from('a,b,c\nd,e\nf\n'))
    })
    for (let i = 1; i <= 6; i++) {
      expect(seen.join('')).toBe('abcdef'.slice(0, i))
      gate.release(holder)
    }
  })
})
