import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tamper } from './requests/play.ts'
import { play } from './requests/play.ts'
import { schedule } from './requests/schedule.ts'
import { nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

describe('whatever is asked, answered, cancelled and lost, in any order', () => {
  it('every request settles once, with its own answer or its own cause, and no window is exceeded', async () => {
    const property = fc.asyncProperty(schedule, async (one) => {
      expect((await play(one)).wrong).toEqual([])
    })
    await fc.assert(property, { numRuns: 300 })
  })
})

describe('the oracle of these schedules', () => {
  type Places = ReturnType<Parameters<Tamper>[0]['places']>

  /** A mode whose places are these, but for what is broken. */
  const broken =
    (how: (places: Places) => Partial<Places>): Tamper =>
    (mode) => ({
      ...mode,
      places: (isLast) => {
        const places = mode.places(isLast)
        const same: Places = {
          get taken() {
            return places.taken
          },
          get last() {
            return places.last
          },
          get waiting() {
            return places.waiting
          },
          room: (window) => places.room(window),
          begin: (asked, request) => places.begin(asked, request),
          undo: (asked) => {
            places.undo(asked)
          },
          leave: (asked) => places.leave(asked),
          owner: (message) => places.owner(message),
        }
        return Object.defineProperties(same, Object.getOwnPropertyDescriptors(how(places)))
      },
    })

  const found = async (tamper: Tamper): Promise<string> => {
    const outcomes = []
    for (const one of fc.sample(schedule, { numRuns: 100, seed: 1 })) outcomes.push(await play(one, tamper))
    return outcomes.flatMap(({ wrong }) => wrong).join('\n')
  }

  it('sees a window that is exceeded', async () => {
    expect(await found(broken(() => ({ room: () => true })))).toContain('in hand')
  })

  it('sees a late answer that reaches another request', async () => {
    const mixed = broken((places) => ({
      owner: (message) => {
        const owner = places.owner(message)
        return owner === 'late' ? (places.waiting[0] ?? 'late') : owner
      },
    }))
    expect(await found(mixed)).toContain('the answer of another')
  })

  it('sees a request that is never settled', async () => {
    const deaf = broken((places) => ({
      owner: (message) => {
        const owner = places.owner(message)
        return typeof owner === 'object' ? 'late' : owner
      },
    }))
    expect(await found(deaf)).toContain('never answered')
  })
})
