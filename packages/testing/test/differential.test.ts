import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import { PassThrough, Transform } from 'node:stream'
import { jsonLines, lengthPrefixed, lines } from '@sluice/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LawBroken, arbitraryOf, differential, verifyProtocol } from '../src/index.ts'

// it says nothing of its types
const split2 = createRequire(import.meta.url)('split2') as (matcher?: string) => Duplex

const failure = async (law: Promise<void>): Promise<string> => {
  const error: unknown = await law.then(() => null, (thrown: unknown) => thrown) // prettier-ignore
  return error instanceof LawBroken ? error.drawing : String(error)
}

const ours = lines({ unterminated: 'line', invalidText: 'replace' })

describe('differential()', () => {
  it('finds no difference to split2 where there is none [R4]', async () => {
    await differential(ours, { stream: () => split2(), read: String }, { runs: 60 })
  })

  it('finds what another treats in another way, and draws the smallest [R4]', async () => {
    const drawn = await failure(
      differential(ours, { stream: () => split2('\n'), read: String }, { seed: 1, runs: 300 }),
    )
    expect(drawn).toMatch(/against the reference: message 0 should be '\\r'\n {2}and is ''\n {2}bytes {2}0d 0a/)
  })

  it('holds a parser to a function, its errors included [R4]', async () => {
    const parse = (bytes: Uint8Array) => {
      const parts = Buffer.from(bytes).toString('latin1').split('\n')
      const rest = parts.pop()
      const messages = parts.map((one) => one.replace(/\r$/, ''))
      return rest === '' ? { messages } : { messages, error: 'truncated' }
    }
    const latin = lines({ encoding: 'latin1' })
    await differential(
      latin,
      { parse },
      { runs: 200, sameError: (error, theirs) => theirs === error._tag.toLowerCase() },
    )
    const blind = (bytes: Uint8Array) => ({ messages: parse(bytes).messages })
    expect(await failure(differential(latin, { parse: blind }, { seed: 1, runs: 100 }))).toMatch(
      /the reference: no error\n {2}and here: \{.*Truncated/,
    )
  })

  it('takes the error of a stream for one [R4]', async () => {
    const fails = () =>
      new Transform({
        transform: (_chunk, _encoding, done) => {
          done(new Error('I do not like it'))
        },
      })
    const bytes = fc.constant(Buffer.from('a\n'))
    expect(await failure(differential(ours, { stream: fails, read: String }, { bytes }))).toContain(
      "a message too many: 'a'",
    )
    const nothing = fc.constant(new Uint8Array(0))
    await differential(ours, { stream: () => new PassThrough() }, { bytes: nothing, runs: 1 })
  })
})

describe('arbitraryOf() a protocol', () => {
  it('makes text for text, bytes for bytes, and values for JSON', () => {
    const sample = <A>(messages: fc.Arbitrary<A>) => fc.sample(messages, { numRuns: 100, seed: 1 })
    expect(sample(arbitraryOf(lines())).every((line) => typeof line === 'string' && !line.includes('\n'))).toBe(true)
    expect(sample(arbitraryOf(lengthPrefixed())).every((frame) => frame instanceof Uint8Array)).toBe(true)
    expect(new Set(sample(arbitraryOf(jsonLines())).map((value) => typeof value)).size).toBeGreaterThan(3)
  })

  it('makes what the laws ask for [R15]', () => {
    for (const one of [lines(), lines({ encoding: 'ascii' })]) {
      verifyProtocol(one, { message: arbitraryOf(one), runs: 100 })
    }
    verifyProtocol(lengthPrefixed(), { message: arbitraryOf(lengthPrefixed()), runs: 100 })
  })

  it('says so where it can make none', () => {
    const picky = { ...lines(), encode: () => { throw new Error('never') } } // prettier-ignore
    expect(() => arbitraryOf(picky)).toThrow(/takes no text, no bytes and no JSON; say which messages there are/)
  })
})
