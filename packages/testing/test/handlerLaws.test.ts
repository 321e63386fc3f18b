import { heartbeat, limitInFlight, mapAsync } from '@sluice/net'
import type { Handler } from '@sluice/net'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import type { SchedulerLike } from 'rxjs'
import { concat, delay, filter, ignoreElements, map, of, scan, takeWhile, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { HandlerLawOptions } from '../src/index.ts'
import { LawBroken, handlerLaws } from '../src/index.ts'

type Make = (clock: SchedulerLike) => Handler<string, string>

/** The rules that a handler breaks. */
const brokenRules = async (
  make: Make,
  options: Partial<HandlerLawOptions<string, string>> = {},
): Promise<ReadonlyArray<string>> => {
  const rules: string[] = []
  const message = fc.stringMatching(/^[a-z]{0,4}$/)
  for (const law of handlerLaws(lines({ maxFrameBytes: 16 }), make, { message, runs: 15, seed: 7, ...options })) {
    try {
      await law.run()
    } catch (error) {
      rules.push(error instanceof LawBroken ? error.law.rule : String(error))
    }
  }
  return rules
}

describe('handlerLaws()', () => {
  it.each<[string, Make]>([
    ['an echo', () => (in$) => in$],
    ['one that shouts', () => map((line) => line.toUpperCase())],
    ['one that filters', () => filter((line) => line.length > 1)],
    ['one that counts', () => scan((sum, line) => String(Number(sum) + line.length), '0')],
    ['one that says nothing', () => ignoreElements()],
    ['one that greets', () => (in$) => concat(of('hello'), in$)],
    ['one that ends itself', () => takeWhile((line) => line !== 'a', true)],
    ['one that works on four at once', (clock) => mapAsync(4, (line) => timer(10, clock).pipe(map(() => line)))],
    ['one that works on promises', () => mapAsync(4, async (line) => Promise.resolve(line))],
    ['one whose work is limited', (clock) => limitInFlight<string, string>(4)(delay(10, clock))],
    ['one with a heart', (clock) => heartbeat<string, string>({ everyMs: 30_000, ping: 'PING', scheduler: clock })((in$) => in$)],
  ])('finds nothing wrong with %s', async (_name, make) => {
    expect(await brokenRules(make)).toEqual([])
  }) // prettier-ignore
})
