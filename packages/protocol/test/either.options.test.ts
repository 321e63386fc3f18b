import { describe, expect, it } from 'vitest'
import { WrongOption, either, lines } from '../src/index.ts'

// apart from the laws: those build some before any test runs
describe('the options of either()', () => {
  it('refuse a word that is none, and print as given [R16]', () => {
    expect(() => either(lines(), lines(), { per: 'frame' as 'message' })).toThrow(WrongOption)
    expect(() => either(lines(), lines(), { per: 'frame' as 'message' })).toThrow(
      "either(): per is 'frame'; expected one of 'connection', 'message'",
    )
    expect(either(lines(), lines()).name).toBe('either(lines(), lines())')
    expect(either(lines(), lines(), { per: 'message' }).name).toBe(`either(lines(), lines(), { per: 'message' })`)
  })
})
