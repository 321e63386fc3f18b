import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import type { Observable } from 'rxjs'
import { from, map, merge, mergeMap, NEVER, of, range, Subject, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, Handler, LimitInFlightOptions } from '../src/index.ts'
import { createGate, limitInFlight, speak } from '../src/index.ts'
import { everything, pair } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'
import { heard } from './support/work.ts'

nothingLeft()

const nowhere = undefined as unknown as Connection

/** A handler under a limit, its source with a gate, and what becomes of them. */
const limited = (max: number, options: LimitInFlightOptions<string, string> = {}) => {
  const told: string[] = []
  const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
  const in$ = new Subject<string>()
  const answer$ = new Subject<string>()
  const seen: string[] = []
  const handler: Handler<string, string> = (messages$) => merge(messages$.pipe(mergeMap((message) => { seen.push(message); return NEVER })), answer$) // prettier-ignore
  const out = heard(limitInFlight<string, string>(max, options)(handler)(in$, nowhere))
  const say = (...texts: readonly string[]): void => {
    gate.run(() => {
      for (const text of texts) in$.next(text)
    })
  }
  return { told, gate, say, answer$, seen, out, in$ }
}

describe('limitInFlight', () => {
  it('holds the source while so many are unanswered, and lets it go on at an answer [R3]', () => {
    const { told, say, answer$, seen, out } = limited(2)
    say('a')
    expect(told).toEqual([])
    say('b')
    expect([told, seen]).toEqual([['pause'], ['a', 'b']]) // prettier-ignore
    answer$.next('B')
    expect([told, out]).toEqual([['pause', 'resume'], ['B']]) // prettier-ignore
    say('c')
    expect(told).toEqual(['pause', 'resume', 'pause'])
  })

  it('never holds the source of a handler that answers at once', () => {
    const told: string[] = []
    const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    const in$ = new Subject<string>()
    const shout = map((text: string) => text.toUpperCase())
    const out = heard(limitInFlight<string, string>(1)(shout)(in$, nowhere))
    gate.run(() => {
      for (const text of ['a', 'b', 'c']) in$.next(text)
    })
    expect([told, out]).toEqual([[], ['A', 'B', 'C']]) // prettier-ignore
  })

  it('takes one off for each answer, and nothing for those too many', () => {
    const { told, say, answer$ } = limited(1)
    answer$.next('welcome')
    answer$.next('to this server')
    say('a')
    expect(told).toEqual(['pause'])
    answer$.next('A')
    answer$.next('by the way')
    say('b')
    expect(told).toEqual(['pause', 'resume', 'pause'])
  })

  it('counts only what needs an answer, and what is one', () => {
    const { told, say, answer$ } = limited(1, {
      needsAnswer: (text) => text.endsWith('?'),
      isAnswer: (text) => text.startsWith('answer'),
    })
    say('by the way')
    say('who?')
    answer$.next('push')
    expect(told).toEqual(['pause'])
    answer$.next('answer')
    expect(told).toEqual(['pause', 'resume'])
  })

  it('fails with QueueFull for a message over the limit that nobody could be held for [R7]', () => {
    const silent: Handler<number, number> = (in$) => merge(in$.pipe(mergeMap(() => NEVER)))
    expect(heard(limitInFlight<number, number>(3)(silent)(range(0, 4), nowhere))).toMatchObject([
      { _tag: 'QueueFull', operator: 'limitInFlight()', limit: 3 },
    ])
    expect(heard(limitInFlight<number, number>(3)(silent)(range(0, 3), nowhere))).toEqual([])
  })

  it('lets the source go when the handler is unsubscribed, fails, or completes [R14]', () => {
    const ends: readonly ((answer$: Subject<string>, in$: Subject<string>) => void)[] = [
      (answer$) => answer$.error(new Error('oh')),
      (_, in$) => in$.error(new Error('oh')),
    ]
    for (const end of ends) {
      const { told, say, answer$, in$ } = limited(1)
      say('a')
      end(answer$, in$)
      expect(told).toEqual(['pause', 'resume'])
    }
  })

  it('begins anew at each subscription [R26]', () => {
    const handler = limitInFlight<string, string>(1)((in$) => in$)(of('a'), nowhere)
    expect([heard(handler), heard(handler)]).toEqual([['a', 'completed'], ['a', 'completed']]) // prettier-ignore
  })

  it('makes a failure of the input of what its functions throw [R27]', () => {
    const oh = new Error('oh')
    const throws = (): never => {
      throw oh
    }
    const shout: Handler<string, string> = (in$) => in$
    expect(heard(limitInFlight<string, string>(1, { needsAnswer: throws })(shout)(of('a'), nowhere))).toEqual([oh])
    expect(heard(limitInFlight<string, string>(1, { isAnswer: throws })(shout)(of('a'), nowhere))).toEqual([oh])
  })

  it('refuses a limit that cannot work [R16][R27]', () => {
    for (const max of [0, -1, 1.5, NaN, Infinity]) expect(() => limitInFlight(max)).toThrow('limitInFlight(): max')
  })

  it('keeps to it over a socket, however the answers come, and loses none [R3][R4]', async () => {
    const plan = fc.record({ max: fc.integer({ min: 1, max: 5 }), count: fc.nat({ max: 60 }), paces: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 7 }) }) // prettier-ignore
    const property = fc.asyncProperty(plan, async ({ max, count, paces }) => {
      const { connection, peer } = await pair()
      let [busy, most] = [0, 0]
      const slowly = async (line: string): Promise<string> => {
        most = Math.max(most, ++busy)
        for (let i = 0; i < (paces[Number(line) % paces.length] ?? 0); i++) await turn()
        return line
      }
      const work = (in$: Observable<string>): Observable<string> => in$.pipe(mergeMap((line) => from(slowly(line)).pipe(tap(() => busy--)))) // prettier-ignore
      let closed = false
      of(connection)
        .pipe(speak(lines(), limitInFlight<string, string>(max)(work)))
        .subscribe(() => (closed = true))
      peer.end(Array.from({ length: count }, (_, i) => `${String(i)}\n`).join(''))
      const got = (await everything(peer)).split('\n').slice(0, -1).map(Number)
      expect(got.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
      expect(most).toBeLessThanOrEqual(max)
      await until('the end', () => closed)
      giveBack()
    })
    await fc.assert(property, { numRuns: 60 })
  })
})
