import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteQueue } from '../src/index.ts'
import { excerpt } from '../src/internal/excerpt.ts'
import { show } from '../src/internal/show.ts'
import { readUint, writeUint } from '../src/internal/uint.ts'

const written = (value: number, width: number, little: boolean): string => {
  const out = byteQueue()
  writeUint(out, value, width, little)
  return Buffer.from(out.take()).toString('hex')
}

describe('unsigned integers', () => {
  it.each([
    [0x12, 1, '12', '12'],
    [0x1234, 2, '1234', '3412'],
    [0x123456, 3, '123456', '563412'],
    [0x89abcdef, 4, '89abcdef', 'efcdab89'],
    [0x123456789a, 5, '123456789a', '9a78563412'],
    [0x89abcdef0123, 6, '89abcdef0123', '2301efcdab89'],
    [0x1f23456789abcd, 7, '1f23456789abcd', 'cdab896745231f'],
    [0x1f23456789abcd, 8, '001f23456789abcd', 'cdab896745231f00'],
    [2 ** 53 - 1, 8, '001fffffffffffff', 'ffffffffffff1f00'],
  ])('writes %i in %i bytes, either end first', (value, width, big, little) => {
    expect(written(value, width, false)).toBe(big)
    expect(written(value, width, true)).toBe(little)
  })

  it('are read as they were written, wherever they stand', () => {
    const width = fc.integer({ min: 1, max: 8 })
    fc.assert(
      fc.property(fc.maxSafeNat(), width, fc.boolean(), fc.nat({ max: 3 }), (any, bytes, little, at) => {
        const value = any % 256 ** Math.min(bytes, 6)
        const stream = Buffer.concat([Buffer.alloc(at, 0xff), Buffer.from(written(value, bytes, little), 'hex')])
        expect(readUint(stream, at, bytes, little)).toBe(value)
      }),
    )
  })
})

describe('an excerpt', () => {
  it('shows as text what prints, from the blank to the tilde', () => {
    expect(excerpt(Uint8Array.of(0x1f, 0x20, 0x7e, 0x7f, 0x80))).toBe('1f 20 7e 7f 80 |. ~..|')
  })

  it('shows sixteen bytes, and says how many more there are, if any', () => {
    expect(excerpt(Buffer.from('a'.repeat(16)))).toBe(`${'61 '.repeat(16)}|${'a'.repeat(16)}|`)
    expect(excerpt(Buffer.from('a'.repeat(17)))).toBe(`${'61 '.repeat(16)}|${'a'.repeat(16)}| … 1 more`)
    expect(excerpt(new Uint8Array(0))).toBe('no bytes')
  })
})

describe('a value in a message', () => {
  it('stands on one line, however wide and deep it is, and is never very long', () => {
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`option${String(i)}`, 'x'.repeat(20)]))
    expect(show(wide)).not.toContain('\n')
    expect(show({ a: { b: { c: { d: 1 } } } })).toBe('{ a: { b: { c: [Object] } } }')
    expect(show(new Uint8Array(9))).toBe('Uint8Array(9) [ 0, 0, 0, 0, 0, 0, 0, 0, ... 1 more item ]')
    expect(show('x'.repeat(81))).toBe(`'${'x'.repeat(80)}'... 1 more character`)
  })
})
