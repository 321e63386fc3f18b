import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import { finalize, from, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { mapAsync, mapAsyncUnordered, serve } from '../src/index.ts'
import { everything, listening, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import type { Pace } from './support/stages.ts'
import { pace, paced } from './support/stages.ts'

nothingLeft()

const CASES = 1_000

/** Lines that say how long their answer takes: `3:1`. */
const work = fc.record({
  parallelism: fc.integer({ min: 1, max: 5 }),
  paces: fc.array(pace, { maxLength: 30 }),
  cut: fc.nat({ max: 60 }),
})

const parse = (line: string): Pace => {
  const [, text = ''] = line.split(':')
  return text === 'now' || text === 'empty' ? text : Number(text)
}

/** Serves with `operator`, and counts what is in flight at most. */
const serving = async (operator: typeof mapAsync) => {
  const listener = await listening({ highWaterMark: 32 })
  const state = { parallelism: 1, inFlight: 0, most: 0 }
  of(listener)
    .pipe(
      serve(lines(), (in$) =>
        in$.pipe(
          operator(state.parallelism, (line) => {
            state.most = Math.max(state.most, ++state.inFlight)
            return from(paced(parse(line), line)).pipe(finalize(() => state.inFlight--))
          }),
        ),
      ),
    )
    .subscribe()
  return { listener, state }
}

for (const [name, operator] of Object.entries({ mapAsync, mapAsyncUnordered })) {
  describe(`${name}, over real sockets`, () => {
    it('never has more in flight than it may, and loses and doubles nothing [R3][R4]', async () => {
      const { listener, state } = await serving(operator)
      const property = fc.asyncProperty(work, async ({ parallelism, paces, cut }) => {
        Object.assign(state, { parallelism, inFlight: 0, most: 0 })
        const sent = paces.map((one, i) => `${String(i)}:${String(one)}`)
        const peer = await peerOf(listener)
        const text = sent.map((line) => `${line}\n`).join('')
        peer.write(text.slice(0, cut))
        peer.end(text.slice(cut))
        const got = (await everything(peer)).split('\n').slice(0, -1)
        const expected = sent.filter((line) => parse(line) !== 'empty')
        expect(operator === mapAsync ? got : got.sort()).toEqual(operator === mapAsync ? expected : expected.sort())
        expect(state.most).toBeLessThanOrEqual(parallelism)
        expect(state.inFlight).toBe(0)
      })
      await fc.assert(property, { numRuns: CASES })
    })
  })
}
