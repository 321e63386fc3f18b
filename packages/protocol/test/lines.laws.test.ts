import type { LawResult } from '@sluice/testing'
import {
  chunkIndependence,
  chunking,
  draw,
  framesStay,
  limits,
  protocolLaws,
  roundTrip,
  silenceAfterError,
  stopAndResume,
  survival,
  truncation,
  unreadBytes,
  wholeOrNothing,
} from '@sluice/testing'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { lines } from '../src/index.ts'
import type { EveryOption } from './lineCases.ts'
import { ENCODINGS, ENDINGS, anyLines, lineBytes, optionSets, readBack, sendable } from './lineCases.ts'

const runs = 10 * (fc.readConfigureGlobal().numRuns ?? 100)

const check = <A>(cases: fc.Arbitrary<A>, law: (one: A) => LawResult): void => {
  fc.assert(
    fc.property(cases, (one) => {
      const result = law(one)
      if (result._tag === 'Broken') throw new Error(draw(result))
    }),
    { numRuns: runs, includeErrorInReport: true },
  )
}

/** Options, lines they can send, and a chunking. */
const valid = (options: fc.Arbitrary<EveryOption> = optionSets()) =>
  options.chain((given) =>
    fc.record({ options: fc.constant(given), messages: sendable(given), chunking: chunking({ maxBytes: 64 }) }),
  )

/** Options, any bytes, and a chunking. */
const any = fc.record({ options: optionSets(), bytes: lineBytes(), chunking: chunking({ maxBytes: 64 }) })

describe('lines() under every set of options', () => {
  it('reads back what it wrote, however it is cut [R15]', () => {
    check(valid(), ({ options, ...one }) => roundTrip(anyLines(options), { ...one, read: readBack(options) }))
  })

  it('gives the same lines and the same error for every cut of any bytes [R4]', () => {
    check(any, ({ options, ...one }) => chunkIndependence(anyLines(options), one))
  })

  it('calls a line cut off at any byte truncated [R13]', () => {
    const truncating = optionSets().map((options) => ({ ...options, unterminated: 'truncated' as const }))
    check(valid(truncating), ({ options, ...one }) => truncation(anyLines(options), one))
  })

  it('says nothing after its first error but that error [R17]', () => {
    const cases = fc.tuple(any, lineBytes(8)).map(([one, more]) => ({ ...one, valid: more }))
    check(cases, ({ options, ...one }) => silenceAfterError(anyLines(options), one))
  })

  it('never throws, loops or hoards, whatever the bytes [R18]', () => {
    check(any, ({ options, ...one }) => survival(anyLines(options), { ...one, maxFrameBytes: options.maxFrameBytes }))
  })

  it('stops where it is told to, and goes on with nothing lost [R3]', () => {
    const stops = fc.array(fc.nat({ max: 12 }), { maxLength: 6 })
    check(fc.tuple(any, stops), ([{ options, ...one }, at]) => stopAndResume(anyLines(options), { ...one, stops: at }))
  })

  it('hands back exactly the bytes no line has taken [R4]', () => {
    check(fc.tuple(valid(), fc.nat({ max: 8 })), ([{ options, ...one }, take]) =>
      unreadBytes(anyLines(options), { ...one, take, read: readBack(options) }),
    )
  })

  it('leaves its chunks and the lines it gave away as they are [R20]', () => {
    check(any, ({ options, ...one }) => framesStay(anyLines(options), one))
  })

  it('writes a whole line or nothing [R8]', () => {
    const line = fc.oneof(fc.string({ unit: fc.constantFrom('a', '\r', '\n', '€', '\ud83d') }), lineBytes(8))
    const cases = fc.record({ options: optionSets(), messages: fc.array(line, { maxLength: 3 }), before: lineBytes(2) })
    check(cases, ({ options, ...one }) => wholeOrNothing(anyLines(options), one))
  })

  it('takes a line of its limit, and not one byte more, both ways [R16]', () => {
    const cases = fc.record({
      ending: fc.constantFrom(...ENDINGS),
      encoding: fc.constantFrom(...ENCODINGS),
      maxFrameBytes: fc.integer({ min: 2, max: 200 }),
      chunking: chunking({ maxBytes: 200 }),
    })
    check(cases, ({ ending, encoding, ...one }) => {
      const room = (bytes: number) => bytes - (ending === 'crlf' || ending === 'strict' ? 2 : 1)
      return limits<unknown, string | Uint8Array>(
        {
          protocol: (maxFrameBytes) => anyLines({ ending, encoding, maxFrameBytes }),
          message: (bytes) => (encoding === 'bytes' ? new Uint8Array(room(bytes)).fill(120) : 'x'.repeat(room(bytes))),
          from: 2,
        },
        one,
      )
    })
  })
})

describe('lines() as it comes', () => {
  const message = fc.string({ unit: 'grapheme' }).filter((line) => !/\n|\r$/.test(line))
  const sized = {
    protocol: (maxFrameBytes: number) => lines({ maxFrameBytes }),
    message: (bytes: number) => 'x'.repeat(bytes - 1),
    from: 1,
  }
  for (const law of protocolLaws(lines(), { message, sized, hostile: lineBytes(), maxFrameBytes: 65_536 })) {
    it(law.name, law.run)
  }
})
