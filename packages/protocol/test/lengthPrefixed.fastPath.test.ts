import type { Decoder } from '@sluice/protocol'
import type { Transcript } from '@sluice/testing'
import { chunking, cutAt, hostileBytes, mutate, mutation, offsetView, sameOutcome, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { byteQueue, lengthPrefixed } from '../src/index.ts'
import type { Measure } from '../src/internal/fastLengths.ts'
import { fastLengths } from '../src/internal/fastLengths.ts'
import { LENGTH_KINDS, lengthKind } from '../src/internal/lengthKind.ts'
import type { LengthRules } from '../src/internal/lengthRules.ts'
import { NO_TRAILER } from '../src/internal/lengthRules.ts'
import { lengthStep } from '../src/internal/lengthStep.ts'
import { stepDecoder } from '../src/internal/stepDecoder.ts'
import { writeUint } from '../src/internal/uint.ts'
import { frames, hex, toHex } from './wire.ts'

const runs = 30 * (fc.readConfigureGlobal().numRuns ?? 100)

const rulesOf = fc
  .record({
    width: fc.constantFrom(1, 2, 4),
    little: fc.boolean(),
    offset: fc.nat({ max: 2 }),
    adjustment: fc.integer({ min: -3, max: 3 }),
    strip: fc.constantFrom('both', 'none'),
    room: fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 20 }) }, fc.constant(65_536)),
  })
  .map(({ adjustment, room, ...given }): LengthRules => {
    const header = given.offset + given.width
    const magic = new Uint8Array(0)
    return { ...given, magic, header, trailer: NO_TRAILER, extra: header + adjustment, maxFrameBytes: header + room }
  })

const plainOf = (rules: LengthRules) =>
  stepDecoder({ maxFrameBytes: rules.maxFrameBytes, initial: undefined, step: lengthStep(rules) })

const quickOf = (rules: LengthRules, plain = plainOf(rules)): Decoder<Uint8Array> => {
  const { header, offset, extra, maxFrameBytes, strip } = rules
  const kind = lengthKind(rules.width, rules.little) ?? LENGTH_KINDS.none
  const measure: Measure = { kind, header, offset, extra, from: strip === 'none' ? 0 : header, maxFrameBytes }
  return fastLengths(measure, plain)
}

/** Frames with lengths that are mostly right, then a few mutations. */
const streamOf = (rules: LengthRules): fc.Arbitrary<Uint8Array> => {
  const frame = fc.tuple(fc.nat({ max: 255 }), hostileBytes(8), fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1, 200))
  return fc
    .tuple(fc.array(frame, { maxLength: 12 }), fc.array(mutation(), { maxLength: 2 }))
    .map(([all, mutations]) => {
      const out = byteQueue()
      for (const [front, payload, wrong] of all) {
        out.bytes(new Uint8Array(rules.offset).fill(front))
        const length = rules.header + payload.length - rules.extra + wrong
        writeUint(out, Math.max(0, length) % 256 ** rules.width, rules.width, rules.little)
        out.bytes(payload)
      }
      return mutate(Uint8Array.from(out.take()), mutations)
    })
}

const cases = rulesOf.chain((rules) =>
  fc.record({
    rules: fc.constant(rules),
    bytes: streamOf(rules),
    chunking: chunking({ maxBytes: 128, maxCuts: 8 }),
    stops: fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
    impatient: fc.boolean(),
  }),
)

const chunksOf = ({ bytes, chunking: cuts }: { bytes: Uint8Array; chunking: ReadonlyArray<number> }) =>
  cutAt(bytes, cuts).map((chunk, i) => offsetView(chunk, i).chunk)

/** The same frames and the same error: all of it but how many bytes the excerpt has, which depends on the cut. */
const alike = (a: Transcript<Uint8Array>, b: Transcript<Uint8Array>): boolean =>
  isDeepStrictEqual(a.messages, b.messages) && sameOutcome(a.outcome, b.outcome)

/** Pushes chunks and leaves the decoder where a stop has left it. */
const stopping = (decoder: Decoder<Uint8Array>, chunks: ReadonlyArray<Uint8Array>, stops: ReadonlyArray<number>) => {
  const seen: Uint8Array[] = []
  const buffered: number[] = []
  const failed = chunks.map((chunk) => {
    const result = decoder.push(chunk, (frame) => {
      seen.push(frame)
      return !stops.includes(seen.length - 1)
    })
    buffered.push(decoder.buffered)
    return E.isLeft(result) ? [result.left._tag, result.left.offset] : null
  })
  return { seen, failed, buffered }
}

/** A length of a byte and its payload, of eight bytes at most. */
const SIMPLE: LengthRules = {
  width: 1,
  little: false,
  offset: 0,
  magic: new Uint8Array(0),
  header: 1,
  trailer: NO_TRAILER,
  extra: 1,
  strip: 'both',
  maxFrameBytes: 8,
}

describe('the fast path of lengthPrefixed()', () => {
  it.each([
    ['whole frames', '02 6869 01 61', ''],
    ['a frame of its least size, and one of the limit', '00 07 61616161616161 00', ''],
    ['what lies behind the last whole frame', '00 02 6869 02 68', '0268'],
    ['a frame over the limit', '00 08', '08'],
  ])('hands of %s to the plain definition no more than it must', (_, chunk, handed) => {
    const plain = plainOf(SIMPLE)
    const push = vi.spyOn(plain, 'push')
    quickOf(SIMPLE, plain).push(hex(chunk), () => true)
    expect(push.mock.calls.map(([bytes]) => bytes)).toEqual(handed === '' ? [] : [hex(handed)])
  })

  it.each([
    [1, 'big', [0, 1, 255]],
    [2, 'big', [0, 1, 256, 513]],
    [2, 'little', [0, 256, 1, 513]],
    [4, 'big', [0, 1, 65_536, 66_051]],
    [4, 'little', [0, 65_536, 1, 66_051]],
  ] as const)('reads every byte of a length of %i bytes, %s-endian, in one chunk [R15]', (width, endian, sizes) => {
    const protocol = lengthPrefixed({ width, endian })
    for (const size of sizes) {
      const payloads = [new Uint8Array(0), new Uint8Array(size).fill(1), Uint8Array.of(7)]
      const out = byteQueue()
      for (const payload of payloads) protocol.encode(payload, out)
      expect(frames(protocol, out.take()).map(toHex)).toEqual(payloads.map(toHex))
    }
  })

  it('gives the frames and the error of the plain definition, with the same sizes and offsets [R15]', () => {
    fc.assert(
      fc.property(cases, ({ rules, stops, impatient, ...stream }) => {
        const chunks = chunksOf(stream)
        const plain = transcript(plainOf(rules), chunks, { stops, impatient })
        expect(alike(transcript(quickOf(rules), chunks, { stops, impatient }), plain)).toBe(true)
      }),
      { numRuns: runs },
    )
  })

  it('hands back what the plain definition would, and counts offsets on from there [R4]', () => {
    const switching = fc.tuple(cases, fc.nat({ max: 6 }), fc.boolean())
    fc.assert(
      fc.property(switching, ([{ rules, stops, impatient, ...stream }, at, settled]) => {
        const chunks = chunksOf(stream)
        const run = (decoder: Decoder<Uint8Array>) => {
          const before = stopping(decoder, chunks.slice(0, at), settled ? [] : stops)
          const unread = Buffer.from(decoder.unread())
          const after = transcript(decoder, chunks.slice(at), { stops, impatient })
          return { before, unread, after, left: decoder.buffered }
        }
        const quick = run(quickOf(rules))
        const plain = run(plainOf(rules))
        expect({ ...quick.before, unread: quick.unread, left: quick.left }).toEqual({
          ...plain.before,
          unread: plain.unread,
          left: plain.left,
        })
        expect(alike(quick.after, plain.after)).toBe(true)
      }),
      { numRuns: runs },
    )
  })

  it('hands back the rest of the chunk from inside emit, where that answers false [R4]', () => {
    for (const first of [0, 1, 2]) {
      const bytes = Uint8Array.of(2, 97, 98, 9, 9)
      const decoder = quickOf(SIMPLE)
      let unread: Uint8Array = new Uint8Array(0)
      const emit = () => {
        unread = decoder.unread()
        return false
      }
      decoder.push(bytes.subarray(0, first), emit)
      decoder.push(bytes.subarray(first), emit)
      expect([...unread]).toEqual([9, 9])
      expect(decoder.end(() => true)).toMatchObject({ _tag: 'Right' })
      // offsets go on behind what was handed back
      decoder.push(Uint8Array.of(200), () => true)
      expect(decoder.end(() => true)).toMatchObject({ left: { _tag: 'TooLong', offset: 5 } })
    }
  })
})
