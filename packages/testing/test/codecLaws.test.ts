import type { Binary, Codec } from '@sluice/protocol'
import { Invalid, NotEncodable, binary } from '@sluice/protocol'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { LawBroken, arbitraryOf, binaryLaws, codecLaws } from '../src/index.ts'

const { bool, bytes, field, flags, list, optional, refine, rest, sized, struct, u16, u8, utf8, variant } = binary

/** Text in a frame of a byte for each character; the ways to get it wrong are laid over it. */
const honest: Codec<Uint8Array, string> = {
  name: 'honest',
  decode: (wire) =>
    wire instanceof Uint8Array
      ? E.right(Buffer.from(wire).toString('latin1'))
      : E.left(new Invalid({ codec: 'honest', issues: [], frame: wire })),
  encode: (text) =>
    typeof text === 'string' && /^[\0-\xff]*$/.test(text)
      ? E.right(Buffer.from(text, 'latin1'))
      : E.left(new NotEncodable({ what: 'no latin1', protocol: 'honest', message: text })),
}
const value = fc.array(fc.nat({ max: 255 })).map((codes) => String.fromCharCode(...codes))
const options = { value, wire: fc.uint8Array(), runs: 300, seed: 5 }

/** The names of the laws a codec breaks. */
const broken = (changed: Partial<Codec<Uint8Array, string>>): ReadonlyArray<string> =>
  codecLaws({ ...honest, ...changed }, options).flatMap((law) => {
    try {
      law.run()
      return []
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(LawBroken)
      return [law.name.replace(/ \[.*/, '')]
    }
  })

const READS_BACK = 'reads back what it wrote'
const SENDS_AGAIN = 'sends what it has read, and reads it as the same again'
const AGREES = 'reads whatever it agrees to send'
const TOTAL = 'answers to anything, and throws at nothing'
const LEAVES = 'leaves what it reads as it is'

describe('codecLaws()', () => {
  it('finds nothing wrong with what is right', () => {
    expect(broken({})).toEqual([])
  })

  it.each([
    ['loses something', { decode: (wire: Uint8Array) => E.map((text: string) => text.slice(0, 3))(honest.decode(wire)) }, [READS_BACK]],
    ['refuses what it may be sent', { encode: (text: string) => (text.length > 3 ? honest.encode(forced(1)) : honest.encode(text)) }, [READS_BACK, SENDS_AGAIN]],
    ['reads what it does not send', { decode: (wire: Uint8Array) => E.map((text: string) => text + '€')(honest.decode(wire)) }, [READS_BACK, SENDS_AGAIN]],
    ['sends what it does not read', { encode: (text: string) => E.right(forced(text)) }, [READS_BACK, SENDS_AGAIN, AGREES]],
    ['throws while it reads', { decode: (wire: Uint8Array) => E.right(Buffer.from(wire).toString('latin1')) }, [TOTAL]],
    ['throws while it sends', { encode: (text: string) => E.right(Buffer.from(text.slice(), 'latin1')) }, [AGREES]],
    ['says another frame', { decode: (wire: Uint8Array) => (wire instanceof Uint8Array ? honest.decode(wire) : E.left(new Invalid({ codec: '', issues: [], frame: 0 }))) }, [TOTAL]],
    ['writes to what it reads', { decode: (wire: Uint8Array) => (wire instanceof Uint8Array && wire.fill(0), honest.decode(wire)) }, [READS_BACK, LEAVES]],
    ['reads another thing every time', { decode: () => E.right(String(Math.random())) }, [READS_BACK, SENDS_AGAIN, LEAVES]],
  ] as const)('finds one that %s', (_what, changed, laws) => {
    for (const law of laws) expect(broken(changed)).toContain(law)
  }) // prettier-ignore
})

const forced = (any: unknown) => any as never

describe('binaryLaws()', () => {
  const point = struct({ x: u8, text: utf8(u8) })
  const names = binaryLaws(point).map(({ name }) => name)

  it('has six laws, which hold of what is right', () => {
    expect(names).toHaveLength(6)
    for (const law of binaryLaws(point, { runs: 100 })) law.run()
  })

  it('finds a size that is not as it says [R16]', () => {
    const wrong = { ...point, maxBytes: 3 }
    expect(() => binaryLaws(wrong, { runs: 200 }).at(-1)?.run()).toThrow(/takes no fewer and no more bytes/)
  })
})

describe('arbitraryOf()', () => {
  const sample = <A>(codec: Binary<A>): ReadonlyArray<A> => fc.sample(arbitraryOf(codec), { numRuns: 300, seed: 3 })

  it('makes counts, lengths, flags and tags agree with what depends on them', () => {
    const packet = struct({
      flags: flags(u8, { there: 2 }),
      kind: u8,
      count: u16,
      size: u8,
      all: list(field('count', { less: 1 }), u8),
      part: sized(field('size'), utf8(rest)),
      it: optional(field('flags.there'), bytes(3)),
      case: variant(field('kind'), { a: [3, struct({})], b: [9, struct({ b: bool })] }),
    })
    const values = sample(packet)
    for (const one of values) {
      expect(one.count).toBe(one.all.length + 1)
      expect(one.size).toBe(Buffer.byteLength(one.part))
      expect(one.it !== undefined).toBe(one.flags.there)
      expect(one.kind).toBe(one.case._tag === 'a' ? 3 : 9)
    }
    // and that is not because there is only one kind of value
    expect(new Set(values.map((one) => one.count)).size).toBeGreaterThan(3)
    expect(new Set(values.map((one) => one.case._tag)).size).toBe(2)
    expect(new Set(values.map((one) => one.flags.there)).size).toBe(2)
    expect(new Set(values.map((one) => one.size)).size).toBeGreaterThan(3)
  })

  it('reaches the borders of numbers', () => {
    const values = sample(u8)
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, 255])
  })

  it('shrinks to the smallest', () => {
    const found = fc.check(
      fc.property(arbitraryOf(list(u8, u8)), (all) => all.every((one) => one < 10)),
      { seed: 1 },
    )
    expect(found.counterexample).toEqual([[10]])
  })

  it('says so where no value can be written', () => {
    expect(() => sample(bytes(field('nowhere')))).toThrow(/can write none of its values/)
    expect(() => sample(refine<number>('never', () => false)(u8))).toThrow(/none of its values/)
  })
})
