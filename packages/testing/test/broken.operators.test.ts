import fc from 'fast-check'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import {
  EMPTY,
  NEVER,
  Observable,
  Subject,
  asyncScheduler,
  catchError,
  concat,
  delay,
  endWith,
  ignoreElements,
  map,
  mergeMap,
  retry,
  scan,
  timer,
  toArray,
} from 'rxjs'
import { describe, expect, it } from 'vitest'
import { LawBroken, operatorLaws } from '../src/index.ts'

type Make = (clock: SchedulerLike) => OperatorFunction<number, unknown>

/** The failures of an operator, the first of each rule, with what was drawn. */
const failures = async (make: Make): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>()
  for (const law of operatorLaws(make, { value: fc.nat({ max: 9 }), runs: 60, seed: 7, bound: 4 })) {
    try {
      await law.run()
    } catch (error) {
      if (!(error instanceof LawBroken)) throw error
      if (!found.has(error.law.rule)) found.set(error.law.rule, error.drawing)
    }
  }
  return found
}

/** What a `subscriber` of the output is told of each input. */
const by =
  <B>(tell: (value: number, subscriber: { next: (value: B) => void; readonly closed: boolean }) => void) =>
  (source$: Observable<number>) =>
    new Observable<B>((subscriber) =>
      source$.subscribe({
        next: (value) => {
          tell(value, subscriber)
        },
        error: (error: unknown) => {
          subscriber.error(error)
        },
        complete: () => {
          subscriber.complete()
        },
      }),
    )

describe('the law kit catches an operator that', () => {
  const counted = (): OperatorFunction<number, number> => {
    let count = 0
    return map(() => count++)
  }
  const leakingTimer: Make = () => (source$) =>
    new Observable((subscriber) => {
      setTimeout(() => undefined, 1_000)
      return source$.subscribe(subscriber)
    })
  const leakingVirtualTimer: Make = (clock) => (source$) =>
    new Observable((subscriber) => {
      clock.schedule(() => undefined, 1_000)
      return source$.subscribe(subscriber)
    })
  const clingy: Make = () => (source$) =>
    new Observable((subscriber) => {
      source$.subscribe({
        next: (value) => {
          subscriber.next(value)
        },
        complete: () => {
          subscriber.complete()
        },
      })
    })
  const eager: Make = () => (source$) => {
    const values$ = new Subject<number>()
    source$.subscribe(values$)
    return values$
  }

  const emitsBehindItsError: Make = () => (source$) =>
    new Observable<number>((subscriber) => {
      const failed = (error: unknown): void => {
        subscriber.error(error)
        // eslint-disable-next-line rxjs-x/no-redundant-notify -- that is what is wrong with it
        subscriber.next(0)
      }
      const next = (value: number): void => {
        subscriber.next(value)
      }
      const complete = (): void => {
        subscriber.complete()
      }
      return source$.subscribe({ next, error: failed, complete })
    })
  const keepsTheEnd: Make = () => (source$) => concat(source$, NEVER)

  it.each<[string, Make, string, string[]]>([
    ['remembers from one subscription to the next [R26]', counted, 'R26', ['value 0 should be 0', 'first  in 0, out 0, in |, out |', 'again  in 0, out 1']],
    ['subscribes before anybody has asked it to [R26]', eager, 'R26', ['it subscribes to its source by itself']],
    ['leaks a timer of Node\'s [R14]', leakingTimer, 'R14', ['1 timers of Node\'s are still set', 'run  left']],
    ['leaks a timer of its scheduler [R14]', leakingVirtualTimer, 'R14', ['1 of its timers are still set', 'run  left']],
    ['does not leave its source [R14]', clingy, 'R14', ['still listens to its source', 'run  left']],
    ['goes on after it was left from inside next [R14]', () => by((value, out) => { out.next(value); out.next(value) }), 'R14', ['it was left, and went on', 'run  in 0, out 0, left, out (late) 0']],
    ['emits behind its error [R27]', emitsBehindItsError, 'R27', ['it had ended, and went on', 'in #, out #, out (late) 0']],
    ['keeps the completion to itself [R9]', keepsTheEnd, 'R9', ['its source has completed, and it did not end', 'run  in |']],
    ['swallows an error [R12]', () => catchError(() => EMPTY), 'R12', ['it should fail with that error', 'and did complete']],
    ['emits where no gate is [R3]', (clock) => delay(10, clock), 'R3', ['a full sink can hold nobody', 'run  in 0, in |, out 0, full']],
    ['emits all that comes of an input although its sink is full [R3]', () => mergeMap((value) => [value, value, value]), 'R3', ['the sink was full, and 2 more came, none expected', 'run  in 0, out 0, full, out 0, out 0']],
    ['buffers without a bound [R7]', (clock) => mergeMap((value) => timer(1, clock).pipe(map(() => value))), 'R7', ['it took 5 values, and held 5, at most 4 expected']],
    ['hoards in an array [R7]', () => toArray(), 'R7', ['it took 5 values, and held 5, at most 4 expected']],
  ])('%s', async (_what, make, rule, said) => {
    const found = await failures(make)
    expect([...found.keys()]).toContain(rule)
    for (const part of said) expect(found.get(rule)).toContain(part)
  }) // prettier-ignore

  it('and nothing else where one thing is wrong', async () => {
    expect([...(await failures(counted)).keys()]).toEqual(['R26'])
    expect([...(await failures(() => scan((sum: number, n: number) => sum + n, 0))).keys()]).toEqual([])
  })

  it('does not blame one for what it is said to do', async () => {
    const options = { value: fc.nat({ max: 9 }), runs: 30 }
    const all = [
      ...operatorLaws(() => mergeMap((value) => [value, value, value]), { ...options, inFlight: 2 }),
      ...operatorLaws((clock) => delay(10, clock), { ...options, gated: false, bound: Infinity }),
      ...operatorLaws(() => (source$) => source$.pipe(retry(0), ignoreElements(), endWith(1)), options),
    ]
    for (const law of all) await law.run()
    expect(asyncScheduler.actions).toEqual([])
  })
})
