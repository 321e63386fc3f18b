import { describe, expect, it } from 'vitest'
import type { FirstByteOptions } from '../src/index.ts'
import { WrongOption, bytes, firstByte, lines } from '../src/index.ts'

// apart from the laws: those build some before any test runs
describe('the options of firstByte()', () => {
  it('refuse nothing to choose from, and a word that is none [R16]', () => {
    expect(() => firstByte({ among: {}, choose: () => null })).toThrow(WrongOption)
    expect(() => firstByte({ among: {}, choose: () => null })).toThrow(
      'firstByte(): among is {}; expected at least one protocol',
    )
    const options: FirstByteOptions<Record<'lines', ReturnType<typeof lines>>> = {
      among: { lines: lines() },
      choose: () => 'lines',
      per: 'frame' as 'message',
    }
    expect(() => firstByte(options)).toThrow(WrongOption)
    expect(() => firstByte(options)).toThrow("per is 'frame'; expected one of 'connection', 'message'")
    const two = firstByte({ among: { bytes: bytes(), lines: lines() }, choose: () => null, per: 'connection' })
    expect(two.name).toBe('firstByte(bytes: bytes(), lines: lines())')
  })
})
