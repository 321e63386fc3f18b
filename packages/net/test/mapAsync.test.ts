import { from, map, NEVER, of, range, Subject, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { mapAsync, mapAsyncUnordered } from '../src/index.ts'
import { turns } from './support/turns.ts'
import { bench, heard } from './support/work.ts'

describe('mapAsync', () => {
  it('has at most so many in flight, and emits in the order of the messages', () => {
    const { started, work, finish } = bench()
    const seen = heard(from(['a', 'b', 'c', 'd']).pipe(mapAsync(2, work)))
    expect(started).toEqual(['a', 'b'])
    finish('b')
    expect([seen, started]).toEqual([[], ['a', 'b']])
    finish('a')
    expect([seen, started]).toEqual([['A', 'B'], ['a', 'b', 'c', 'd']]) // prettier-ignore
    finish('d')
    finish('c')
    expect(seen).toEqual(['A', 'B', 'C', 'D', 'completed'])
  })

  it('takes the first value, nothing of an empty one, and promises and arrays as well', async () => {
    const answers = [of('a', 'ignored'), of<string>(), Promise.resolve('c'), ['d', 'ignored'], of('e')]
    const seen = heard(from(answers).pipe(mapAsync(2, (answer) => answer)))
    await turns()
    expect(seen).toEqual(['a', 'c', 'd', 'e', 'completed'])
  })

  it('gives the function the index of the message', () => {
    expect(heard(of('a', 'b').pipe(mapAsync(1, (text, index) => of(`${text}${String(index)}`))))).toEqual([
      'a0',
      'b1',
      'completed',
    ])
  })

  it('fails in turn: the answers before the failure are emitted first [R27]', () => {
    const { work, finish, answers, cancelled } = bench()
    const seen = heard(of('a', 'b', 'c').pipe(mapAsync(3, work)))
    const error = new Error('oh')
    answers.get('b')?.error(error)
    expect(seen).toEqual([])
    finish('a')
    expect(seen).toEqual(['A', error])
    expect(cancelled).toContain('c')
  })

  it('takes what its function throws for a failure of that message [R27]', () => {
    const error = new Error('oh')
    const oh = (): never => {
      throw error
    }
    expect(heard(of('a').pipe(mapAsync(1, oh)))).toEqual([error])
    expect(heard(of('a').pipe(mapAsync(1, () => undefined as never)))).toMatchObject([{ name: 'TypeError' }])
  })

  it('cancels what is in flight when it is unsubscribed [R14]', () => {
    const { work, cancelled, started } = bench()
    const working = of('a', 'b', 'c').pipe(mapAsync(2, work)).subscribe()
    working.unsubscribe()
    expect(cancelled.sort()).toEqual(['a', 'b'])
    expect(started).toEqual(['a', 'b'])
  })

  it('does not begin what its function answers when it has unsubscribed it [R14]', () => {
    const { work, started } = bench()
    const messages$ = new Subject<string>()
    const working = messages$
      .pipe(
        mapAsync(1, (message) => {
          working.unsubscribe()
          return work(message)
        }),
      )
      .subscribe()
    messages$.next('a')
    expect(started).toEqual([])
  })

  it('begins anew at each subscription [R26]', () => {
    const indices$ = of('a', 'b').pipe(mapAsync(1, (_, index) => of(index)))
    expect([heard(indices$), heard(indices$)]).toEqual([[0, 1, 'completed'], [0, 1, 'completed']]) // prettier-ignore
  })

  it('stops a source that emits without end from inside subscribe [R14]', () => {
    const endless$ = range(0, Number.MAX_SAFE_INTEGER)
    expect(heard(endless$.pipe(mapAsync(2, (n) => of(n)), take(3)))).toEqual([0, 1, 2, 'completed']) // prettier-ignore
  })

  it('fails with QueueFull when more wait than may, from a source that has no gate [R7]', () => {
    const flood$ = range(0, 100).pipe(map((n) => String(n)))
    expect(heard(flood$.pipe(mapAsync(2, () => NEVER, { maxQueued: 3 })))).toMatchObject([
      { _tag: 'QueueFull', operator: 'mapAsync()', limit: 3 },
    ])
    expect(heard(range(0, 5).pipe(mapAsync(2, () => NEVER, { maxQueued: 3 })))).toEqual([])
  })

  it('refuses a parallelism and a queue that cannot work [R16][R27]', () => {
    for (const parallelism of [0, -1, 1.5, NaN, Infinity]) {
      expect(() => mapAsync(parallelism, of)).toThrow('mapAsync(): parallelism')
    }
    expect(() => mapAsyncUnordered(1, of, { maxQueued: -1 })).toThrow('mapAsyncUnordered(): maxQueued')
  })
})
