import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import type { OperatorFunction } from 'rxjs'
import { filter, lastValueFrom, map, merge, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { decode, mapAsync, writeTo } from '../src/index.ts'
import { everything, pair } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import type { Pace } from './support/stages.ts'
import { pace, paced } from './support/stages.ts'

nothingLeft()

/** A step that neither loses nor reorders, or that drops what one can tell beforehand. */
type Stage = { readonly kind: 'map' } | { readonly kind: 'filter'; readonly modulo: number } | { readonly kind: 'mapAsync'; readonly parallelism: number; readonly paces: readonly Pace[] } // prettier-ignore

const stage: fc.Arbitrary<Stage> = fc.oneof(
  fc.record({ kind: fc.constant('map' as const) }),
  fc.record({ kind: fc.constant('filter' as const), modulo: fc.integer({ min: 2, max: 7 }) }),
  fc.record({
    kind: fc.constant('mapAsync' as const),
    parallelism: fc.integer({ min: 1, max: 4 }),
    paces: fc.array(
      pace.filter((one) => one !== 'empty'),
      { minLength: 1, maxLength: 5 },
    ),
  }),
)

const numberOf = (line: string): number => Number(line.split(' ')[1])

const operatorOf = (stage: Stage): OperatorFunction<string, string> => {
  switch (stage.kind) {
    case 'map':
      return map((line) => line.replace('x', 'y'))
    case 'filter':
      return filter((line) => numberOf(line) % stage.modulo !== 0)
    case 'mapAsync':
      return mapAsync(stage.parallelism, (line, i) => paced(stage.paces[i % stage.paces.length] ?? 'now', line))
  }
}

/** What a stage lets pass. */
const passes = (stages: readonly Stage[], i: number): boolean =>
  stages.every((one) => one.kind !== 'filter' || i % one.modulo !== 0)

const HIGH_WATER_MARK = 2_048
const LONGEST = 1_100

describe('decode → anything → writeTo, between real sockets', () => {
  it('loses and reorders nothing, and keeps unsentBytes under its mark and one message [R3][R4][R7]', async () => {
    const plan = fc.record({
      stages: fc.array(stage, { maxLength: 4 }),
      sources: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 0, max: 400 }),
      size: fc.integer({ min: 0, max: LONGEST - 100 }),
      slow: fc.boolean(),
    })
    const property = fc.asyncProperty(plan, async ({ stages, sources, count, size, slow }) => {
      const ins = await Promise.all(Array.from({ length: sources }, () => pair()))
      const out = await pair({ highWaterMark: HIGH_WATER_MARK })
      let most = 0
      const measure = tap<string>(() => (most = Math.max(most, out.connection.unsentBytes)))
      const lines$ = ins.map(({ connection }) =>
        stages.reduce((all$, one) => all$.pipe(operatorOf(one)), connection.data$.pipe(decode(lines()))),
      )
      const written$ = merge(...lines$).pipe(measure, writeTo(out.connection, { protocol: lines() }))
      const written = lastValueFrom(written$, { defaultValue: null })
      ins.forEach(({ peer }, source) => {
        for (let i = 0; i < count; i++) peer.write(`x${String(source)} ${String(i)} ${'-'.repeat(size)}\n`)
        peer.end()
      })
      if (slow) for (let i = 0; i < 20; i++) await turn()
      const got = (await everything(out.peer)).split('\n').slice(0, -1)
      await written
      for (let source = 0; source < sources; source++) {
        const numbers = got.filter((line) => line[1] === String(source)).map(numberOf)
        expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i).filter((i) => passes(stages, i)))
      }
      expect(most).toBeLessThanOrEqual(HIGH_WATER_MARK + LONGEST)
      giveBack()
    })
    await fc.assert(property, { numRuns: 300 })
  })
})
