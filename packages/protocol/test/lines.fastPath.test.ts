import type { Decoder } from '@sluice/protocol'
import { chunking, cutAt, mutate, mutation, offsetView, transcript } from '@sluice/testing'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { fastLines } from '../src/internal/fastLines.ts'
import { lineRules } from '../src/internal/lineRules.ts'
import { lineEnd, lineStep } from '../src/internal/lineStep.ts'
import type { StepDecoder } from '../src/internal/stepDecoder.ts'
import { stepDecoder } from '../src/internal/stepDecoder.ts'
import type { EveryOption } from './lineCases.ts'
import { lineBytes, optionSets } from './lineCases.ts'

const runs = 30 * (fc.readConfigureGlobal().numRuns ?? 100)

const plainLines = (options: EveryOption): StepDecoder<unknown, boolean> => {
  const rules = lineRules(options)
  return stepDecoder({
    maxFrameBytes: rules.maxFrameBytes,
    initial: false,
    step: lineStep(rules),
    end: lineEnd(rules),
  })
}
const quickLines = (options: EveryOption): Decoder<unknown> => fastLines(lineRules(options), plainLines(options))

const cases = fc.record({
  options: optionSets(['either', 'lf']),
  bytes: fc
    .tuple(lineBytes(), fc.array(mutation(), { maxLength: 2 }))
    .map(([bytes, mutations]) => mutate(bytes, mutations)),
  chunking: chunking({ maxBytes: 96, maxCuts: 6 }),
  stops: fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
  impatient: fc.boolean(),
})

const chunksOf = ({ bytes, chunking: cuts }: { bytes: Uint8Array; chunking: ReadonlyArray<number> }) =>
  cutAt(bytes, cuts).map((chunk, i) => offsetView(chunk, i).chunk)

const DEFAULTS: EveryOption = {
  ending: 'either',
  encoding: 'utf8',
  invalidText: 'fail',
  tooLong: 'fail',
  unterminated: 'truncated',
  maxFrameBytes: 65_536,
}

describe('the fast path of lines()', () => {
  it.each([
    [{}, 'ann\nhi\r\n\nho\n'],
    [{ ending: 'lf' }, 'ann\nhi\r\n'],
    [{ encoding: 'bytes' }, 'ann\nhi\r\n\n'],
    [{ encoding: 'bytes', ending: 'lf', maxFrameBytes: 4 }, 'ann\nhi\r\n\n'],
    [{ encoding: 'latin1', maxFrameBytes: 4 }, 'ann\nh\xe9\r\nann\nann\n'],
    [{ maxFrameBytes: 4 }, 'ann\nhi\r\nann\n'],
    [{ maxFrameBytes: 9 }, '\xe9\u20ac\nab\n'],
  ] as const)('takes whole lines by itself, and leaves the plain definition the rest: %j', (options, text) => {
    const given = { ...DEFAULTS, ...options }
    const plain = plainLines(given)
    const push = vi.spyOn(plain, 'push')
    const quick = fastLines(lineRules(given), plain)
    const bytes = Buffer.from(text, given.encoding === 'latin1' ? 'latin1' : 'utf8')
    const seen: unknown[] = []
    quick.push(bytes, (line) => seen.push(line) > 0)
    expect(push).not.toHaveBeenCalled()
    expect(seen).toEqual(transcript(plainLines(given), [bytes]).messages)
    quick.push(Buffer.from('a\nbc'), (line) => seen.push(line) > 0)
    expect(push.mock.calls.map(([rest]) => Buffer.from(rest).toString())).toEqual(['bc'])
  })

  it('gives the lines and the error of the plain definition, with the same bytes and offsets [R15]', () => {
    fc.assert(
      fc.property(cases, ({ options, stops, impatient, ...stream }) => {
        const chunks = chunksOf(stream)
        const plain = transcript(plainLines(options), chunks, { stops, impatient })
        expect(transcript(quickLines(options), chunks, { stops, impatient })).toEqual(plain)
      }),
      { numRuns: runs },
    )
  })

  it('hands back what the plain definition would, and counts offsets on from there [R4]', () => {
    const switching = fc.tuple(cases, fc.nat({ max: 6 }), fc.boolean())
    fc.assert(
      fc.property(switching, ([{ options, stops, impatient, ...stream }, at, settled]) => {
        const chunks = chunksOf(stream)
        const run = (decoder: Decoder<unknown>) => {
          const before = stopping(decoder, chunks.slice(0, at), settled ? [] : stops)
          const { buffered } = decoder
          const unread = Buffer.from(decoder.unread())
          expect(unread).toHaveLength(buffered)
          return { before, unread, after: transcript(decoder, chunks.slice(at), { stops, impatient }) }
        }
        expect(run(quickLines(options))).toEqual(run(plainLines(options)))
      }),
      { numRuns: runs },
    )
  })
})

/** Pushes chunks and leaves the decoder where a stop has left it. */
const stopping = (decoder: Decoder<unknown>, chunks: ReadonlyArray<Uint8Array>, stops: ReadonlyArray<number>) => {
  const seen: unknown[] = []
  const results = chunks.map((chunk) =>
    decoder.push(chunk, (line) => {
      seen.push(line)
      return !stops.includes(seen.length - 1)
    }),
  )
  return { seen, results }
}
