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
  options: optionSets(),
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
    [{ ending: 'crlf' }, 'ann\r\n\nh\ri\r\n\r\n\r\r\n'],
    [{ ending: 'crlf', encoding: 'bytes', maxFrameBytes: 5 }, 'ann\r\n\nhi\r\n\r\n'],
    [{ ending: 'strict' }, 'ann\r\n\r\nhi\r\n'],
    [{ ending: 'strict', encoding: 'bytes', maxFrameBytes: 5 }, 'ann\r\n\r\nhi\r\n'],
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
    quick.push(Buffer.from('a\r\nbc'), (line) => seen.push(line) > 0)
    quick.push(Buffer.from('de'), (line) => seen.push(line) > 0)
    expect(push.mock.calls.map(([rest]) => Buffer.from(rest).toString())).toEqual(['bc', 'de'])
  })

  it.each([
    [{}, 'it;\r\n', false],
    [{ ending: 'lf' }, 'it\r;\n', true],
    [{ encoding: 'ascii', ending: 'crlf' }, 'i\rt;\r\n', true],
    [{ encoding: 'latin1', ending: 'strict' }, '\xe9t;\r\n', false],
    [{}, '\xe9t;\n', true],
    [{}, 'it\r;\n', true],
    [{ ending: 'strict' }, 'it\r;\n', true],
    [{ encoding: 'bytes' }, 'it;\n', true],
    [{ maxFrameBytes: 3 }, 'it;\n', false],
    [{ maxFrameBytes: 2 }, 'it;\n', true],
    [{ maxFrameBytes: 4096 }, `${'x'.repeat(1024)};\n`, false],
    [{ maxFrameBytes: 4096 }, `${'x'.repeat(1025)};\n`, true],
  ] as const)('with %j needs the plain definition for a line cut in two, %j: %s', (options, cut, needed) => {
    const given = { ...DEFAULTS, ...options }
    const chunks = cut.split(';').map((text) => Buffer.from(text, given.encoding === 'latin1' ? 'latin1' : 'utf8'))
    const plain = plainLines(given)
    const push = vi.spyOn(plain, 'push')
    expect(transcript(fastLines(lineRules(given), plain), chunks)).toEqual(transcript(plainLines(given), chunks))
    expect(push.mock.calls.length > 0).toBe(needed)
  })

  it('leaves what no ending closes to the plain definition at once, however many half endings it has', () => {
    const given = { ...DEFAULTS, ending: 'crlf' } as const
    const plain = plainLines(given)
    const push = vi.spyOn(plain, 'push')
    fastLines(lineRules(given), plain).push(Buffer.from('a\n\n\r\r\n\n\nb'), () => true)
    expect(push.mock.calls.map(([rest]) => Buffer.from(rest).toString())).toEqual(['\n\nb'])
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
