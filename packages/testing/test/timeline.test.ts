import { WrongOption } from '@sluice/protocol'
import fc from 'fast-check'
import { concat, delay, EMPTY, from, NEVER, of, Subject, throwError, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { loopback, timeline, TimelineDiffers } from '../src/index.ts'
import { VirtualClock } from './support/sluggish.ts'

/** What is wrong with a timeline, drawn; nothing, where nothing is. */
const drawn = (f: () => void): readonly string[] => {
  try {
    f()
    return []
  } catch (error) {
    if (error instanceof TimelineDiffers) return error.message.split('\n').slice(2)
    throw error
  }
}

const words = (...values: readonly unknown[]) => timeline(from(values))

describe('timeline()', () => {
  it('writes down what a stream does', () => {
    expect(words('hello', 'two words', 3, -1, Buffer.from('x\n'), { _tag: 'Paused' }, { id: 1 }).text).toBe(
      'hello "two words" 3 number(-1) "x\\n" Paused object({ id: 1 }) |',
    )
    expect(timeline(throwError(() => new RangeError('no'))).text).toBe('#(RangeError)')
    expect(timeline(NEVER).text).toBe('')
  })

  it('writes down when, in virtual time', () => {
    const scheduler = new VirtualClock()
    const both = concat(of('a').pipe(delay(30, scheduler)), timer(2, scheduler), of('b'))
    const seen = timeline(both, { scheduler })
    scheduler.advance(100)
    expect(seen.text).toBe('30ms a 2ms 0 b |')
    seen.expect('30ms a -- 0 b |')
    seen.expect('… 32ms b|')
    expect(drawn(() => seen.expect('30ms a - 0 b |'))).toEqual([
      'expected  30ms a - 0 b |',
      'got       30ms a 2ms 0 b |',
      '                 ^',
    ])
  })

  it('matches words, with and without their brackets', () => {
    const seen = words({ _tag: 'Data', bytes: 5 }, { _tag: 'Closed', cause: { _tag: 'TimedOut', clock: 'silence' } })
    expect(seen.text).toBe('Data(5) Closed(TimedOut(silence)) |')
    seen.expect('Data Closed |')
    seen.expect('Data(5) Closed(TimedOut(silence))|')
    expect(drawn(() => seen.expect('Data(6) Closed |'))).not.toEqual([])
    expect(drawn(() => seen.expect('Dat Closed |'))).not.toEqual([])
  })

  it('matches repetitions, any order, and anything', () => {
    const seen = words('a', 'a', 'b', 'c')
    for (const good of [
      'a* b c |',
      'a+ a b c |',
      'a a a? {c b} |',
      '… c |',
      'a ... |',
      '{a b a c}|',
      'x* a+ …',
      'a* a? b c |',
      'a? a? a? b c |',
      '{a b}* {b a c}? … |',
    ]) {
      expect(drawn(() => seen.expect(good))).toEqual([])
    }
    for (const bad of ['a b c |', 'a+ c |', 'a? b c |', '{a b c} |', '… d |', 'a a b c', 'a a b c | |', '']) {
      expect(drawn(() => seen.expect(bad))).not.toEqual([])
    }
  })

  it('takes words for the values they are names of', () => {
    const seen = timeline(of({ id: 1 }, { id: 2 }))
    seen.expect('a b |', { a: { id: 1 }, b: { id: 2 } })
    expect(drawn(() => seen.expect('b a |', { a: { id: 1 }, b: { id: 2 } }))).not.toEqual([])
  })

  it('draws both, one under the other, and where they part', () => {
    const seen = words('Connected', 'Data', 'Data', 'Failed')
    expect(drawn(() => seen.expect('Connected Data+ RemoteEnded |'))).toEqual([
      'expected  Connected Data+     RemoteEnded |',
      'got       Connected Data Data Failed |',
      '                              ^',
    ])
    expect(drawn(() => seen.expect('Connected Data+ Failed | x'))).toEqual([
      'expected  Connected Data+     Failed | x',
      'got       Connected Data Data Failed | (nothing more)',
      '                                       ^',
    ])
    expect(drawn(() => seen.expect('Connected'))).toEqual([
      'expected  Connected (nothing more)',
      'got       Connected Data Data Failed |',
      '                    ^',
    ])
  })

  it('refuses texts that cannot be read, and time where there is none', () => {
    for (const text of ['a)', '{a', '{}', 'a(b', '*', '10ms a', '-a']) {
      expect(() => timeline(EMPTY).expect(text)).toThrow(WrongOption)
    }
  })

  it('accepts what it has written itself, and nothing with a moment less', () => {
    const value = fc.oneof(fc.string(), fc.nat(), fc.record({ _tag: fc.constantFrom('Data', 'Idle'), bytes: fc.nat() }))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const seen = words(...values)
        expect(drawn(() => seen.expect(seen.text))).toEqual([])
        expect(drawn(() => words(...values.slice(1)).expect(seen.text))).not.toEqual([])
      }),
    )
  })

  it('tells the life of a real connection, and is over with it [R10]', async () => {
    const { client, server, close } = await loopback()
    const life = timeline(server.events$)
    server.data$.subscribe({ complete: () => server.end() })
    client.write(Buffer.from('hello'))
    client.close()
    await life.over
    life.expect('Connected … Data+ RemoteEnded … LocalEnded Closed(Finished) |')
    expect(drawn(() => life.expect('… Closed(Reset) |')).join()).toMatch(
      /^expected {2}… +Closed\(Reset\) \|,got .*Finished/,
    )
    await close()
  })

  it('listens until it is unsubscribed', () => {
    const source$ = new Subject<string>()
    const seen = timeline(source$)
    source$.next('a')
    seen.unsubscribe()
    source$.next('b')
    expect([seen.text, seen.values, source$.observed]).toEqual(['a', ['a'], false])
  })
})
