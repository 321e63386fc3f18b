import { describe, expect, it } from 'vitest'
import type { LimitedOptions } from '../src/index.ts'
import { WrongOption, limited, lines } from '../src/index.ts'

// apart from the laws: those build one before any test runs
describe('the options of limited()', () => {
  it.each([
    ['framesPerDispatch', {}, 'a limit: this one, or framesPerSecond'],
    ['framesPerDispatch', { framesPerDispatch: 0 }, 'a whole number from 1 on'],
    ['framesPerDispatch', { framesPerDispatch: 1.5 }, 'a whole number from 1 on'],
    ['framesPerSecond', { framesPerSecond: 0, now: () => 0 }, 'a whole number from 1 on'],
    ['framesPerSecond', { framesPerSecond: NaN, now: () => 0 }, 'a whole number from 1 on'],
    ['now', { framesPerSecond: 5 }, 'a clock, for framesPerSecond'],
  ])('refuses a wrong %s in %o [R16]', (option, options, expected) => {
    const build = () => limited(lines(), options as LimitedOptions)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
    expect(build).toThrow(/^limited\(lines\(\), /)
  })

  it('prints as the expression that built it', () => {
    expect(limited(lines(), { framesPerDispatch: 3 }).name).toBe('limited(lines(), { framesPerDispatch: 3 })')
  })

  it('may be one of the two limits, or both', () => {
    const now = () => 0
    expect(() => limited(lines(), { framesPerSecond: 1, now })).not.toThrow()
    expect(() => limited(lines(), { framesPerSecond: 1, now, framesPerDispatch: 1 })).not.toThrow()
  })
})
