import { decode, mapAsync, mapAsyncUnordered } from '@sluice/net'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import { bufferCount, concatMap, distinctUntilChanged, filter, map, mergeMap, scan, take, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { OperatorLawOptions } from '../src/index.ts'
import { LawBroken, operatorLaws } from '../src/index.ts'

/** The rules that an operator breaks. */
export const brokenRules = async <B>(
  make: (clock: SchedulerLike) => OperatorFunction<number, B>,
  options: Partial<OperatorLawOptions<number, B>> = {},
): Promise<ReadonlyArray<string>> => {
  const rules: string[] = []
  for (const law of operatorLaws(make, { value: fc.nat({ max: 9 }), runs: 40, seed: 7, ...options })) {
    try {
      await law.run()
    } catch (error) {
      rules.push(error instanceof LawBroken ? error.law.rule : String(error))
    }
  }
  return rules
}

const later = (clock: SchedulerLike) => (n: number) => timer(n, clock).pipe(map(() => n + 1))

describe('operatorLaws()', () => {
  it.each<[string, (clock: SchedulerLike) => OperatorFunction<number, unknown>, Partial<OperatorLawOptions<number, unknown>>]>([
    ['map', () => map((n) => n + 1), { expected: (all) => all.map((n) => n + 1) }],
    ['filter', () => filter((n) => n > 4), { expected: (all) => all.filter((n) => n > 4) }],
    ['scan', () => scan((sum, n) => sum + n, 0), {}],
    ['take', () => take(3), { expected: (all) => all.slice(0, 3) }],
    ['distinctUntilChanged', () => distinctUntilChanged(), {}],
    ['bufferCount', () => bufferCount(3), {}],
    ['concatMap', () => concatMap((n) => [n, n]), { inFlight: 1 }],
    ['mergeMap', () => mergeMap((n) => [n, n]), { inFlight: 1 }],
    ['mapAsync', (clock) => mapAsync(3, later(clock)), { inFlight: 2 }],
    ['mapAsync of promises', () => mapAsync(3, async (n) => Promise.resolve(n)), { inFlight: 2 }],
    ['mapAsyncUnordered', (clock) => mapAsyncUnordered(3, later(clock)), { inFlight: 2, ordered: false }],
  ])('finds nothing wrong with %s', async (_name, make, options) => {
    expect(await brokenRules(make, options)).toEqual([])
  }) // prettier-ignore

  it('finds nothing wrong with decode()', async () => {
    const laws = operatorLaws(() => decode(lines()), { value: fc.constant(Buffer.from('a\nb\n')), runs: 40 })
    for (const law of laws) await law.run()
  })
})
