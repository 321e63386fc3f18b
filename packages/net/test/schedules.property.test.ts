import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nothingLeft } from './support/nothingLeft.ts'
import { play } from './schedules/play.ts'
import { schedule } from './schedules/schedule.ts'

nothingLeft()

describe('whatever both ends do, in any order', () => {
  it('the events obey their grammar, and every connection ends, for a reason there was [R10][R11][R21]', async () => {
    // many at a time: most of what they do is to wait for their clocks
    const property = fc.asyncProperty(fc.array(schedule, { minLength: 25, maxLength: 25 }), async (schedules) => {
      const outcomes = await Promise.all(schedules.map(play))
      expect(outcomes.flat().flatMap(({ wrong }) => wrong)).toEqual([])
    })
    await fc.assert(property, { numRuns: 12 })
  })
})
