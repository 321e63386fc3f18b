import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { frame, framing, more } from '../src/index.ts'
import { entry } from './catalogue/entry.ts'
import { CATALOGUE } from './catalogue/index.ts'
import { doubling } from './catalogue/linearity.ts'
import { workOf } from './catalogue/work.ts'

const KIB = 1024

describe('the measure of work', () => {
  it('is the same for the same work, and counts what built-ins go through', () => {
    const bytes = new Uint8Array(5000)
    expect(workOf(() => bytes.indexOf(1, 1000))).toBe(4000)
    expect(workOf(() => bytes.slice(10, 20))).toBe(10)
    expect(workOf(() => bytes.set(new Uint8Array(7), 3))).toBe(7)
  })

  it('sees a framing that looks at all of a frame again with every piece', () => {
    const build = (maxFrameBytes: number) =>
      framing<number>({
        name: 'forgetful()',
        maxFrameBytes,
        initial: undefined,
        step: (bytes) => {
          const end = bytes.indexOf(1)
          return end === -1 ? more(0, 'frame') : frame(end, end + 1)
        },
        encode: (length, out) => {
          out.bytes(new Uint8Array(length))
          return E.right(out.byte(1))
        },
      })
    const forgetful = entry<object, number, number>({
      name: 'forgetful',
      about: '',
      options: {},
      build: () => build(1024),
      behaviour: () => ({
        message: fc.nat({ max: 20 }),
        sized: { protocol: build, message: (bytes) => bytes - 1, from: 1 },
      }),
    })
    expect(doubling(forgetful.plain, { frameBytes: 4 * KIB, pieceBytes: 1 })).toBeGreaterThan(3.5)
  })
})

describe.each(CATALOGUE.filter(({ plain }) => plain.laws.sized !== undefined))('$name', ({ name, plain }) => {
  it.each([
    // well between two powers of two, at which memory is grown: there a byte more may cost a copy more
    [48 * KIB, 1],
    [1024 * KIB, 512],
  ])(
    'does less than 2.3 times the work for twice a frame of %i bytes in pieces of %i [R18]',
    (frameBytes, pieceBytes) => {
      expect(doubling(plain, { frameBytes, pieceBytes }), name).toBeLessThan(2.3)
    },
  )
})
