import { expect } from 'vitest'

/** What passed, and when. */
export interface Passed {
  readonly at: number
  readonly cost: number
}

/** The law of a bucket: what passes in any time T is at most `most + perSecond × T`, to the millisecond of a timer. */
export const lawful = (passed: readonly Passed[], most: number, perSecond: number): void => {
  passed.forEach((first, i) => {
    let sum = 0
    for (const { at, cost } of passed.slice(i)) {
      sum += cost
      expect(sum).toBeLessThanOrEqual(most + ((at - first.at + 1) / 1000) * perSecond)
    }
  })
}
