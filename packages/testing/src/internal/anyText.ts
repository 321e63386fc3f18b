import fc from 'fast-check'

const SURROGATES = { from: 0xd800, count: 0x800 }

/**
 * Up to six characters out of all there are, as `fc.string({ unit: 'binary' })`; that one makes a table of them all, which
 * takes longer than most tests.
 */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc
      .integer({ min: 0, max: 0x10ffff - SURROGATES.count })
      .map((n) => String.fromCodePoint(n < SURROGATES.from ? n : n + SURROGATES.count)),
    { maxLength: 6 },
  )
  .map((characters) => characters.join(''))
