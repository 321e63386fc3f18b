import type { Step } from '@sluice/protocol'
import { chunking, cutAt, dripping, offsetView, protocolLaws, transcript } from '@sluice/testing'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_MAX_FRAME_BYTES, TooLong, WrongOption, fail, frame, framing, more, need, skip } from '../src/index.ts'

/** Two bytes say how many follow. */
const lengths = (maxFrameBytes?: number, step: Step<Uint8Array> = lengthStep) =>
  framing<Uint8Array>({
    name: 'lengths()',
    ...(maxFrameBytes === undefined ? {} : { maxFrameBytes }),
    initial: undefined,
    step,
    encode: (message, out) => {
      const limit = maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES
      const announced = message.length + 2
      if (announced > limit) {
        return E.left(new TooLong({ limit, announced, bytes: message.slice(0, 64), offset: 0, fault: 'local' }))
      }
      out.uintBE(message.length, 2)
      out.bytes(message)
      return E.right(undefined)
    },
  })

const lengthStep: Step<Uint8Array> = (bytes) => {
  if (bytes.length < 2) return need(2, 'header')
  const total = 2 + (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
  return bytes.length < total ? need(total, 'payload') : frame(bytes.subarray(2, total), total)
}

/** Letters up to a dot; blanks before a word are padding, `!` is an error; each word knows which it is. */
const words = (maxFrameBytes = 16) =>
  framing<string, string, number>({
    name: 'words()',
    maxFrameBytes,
    initial: 0,
    step: (bytes, scanned, count) => {
      if (bytes[0] === 32) return skip(1)
      for (let at = scanned; at < bytes.length; at++) {
        if (bytes[at] === 33) return fail('an exclamation mark', at)
        if (bytes[at] === 46)
          return frame(`${String(count)}:${Buffer.from(bytes.subarray(0, at)).toString()}`, at + 1, count + 1)
      }
      return more(bytes.length, 'word')
    },
    end: (bytes, count) =>
      bytes.length === 0 ? { _tag: 'Frame', message: `${String(count)} words` } : { _tag: 'Truncated' },
    encode: (word, out) => E.right(out.utf8(`${word}.`)),
  })

const read = (text: string, cuts: ReadonlyArray<number> = [], limit?: number) =>
  transcript(words(limit).decoder(), cutAt(Buffer.from(text), cuts))

describe('framing()', () => {
  describe('with a length in front keeps the laws', () => {
    const message = fc.uint8Array({ maxLength: 20 })
    const sized = { protocol: lengths, message: (bytes: number) => new Uint8Array(bytes - 2), from: 2 }
    for (const law of protocolLaws(lengths(64), { message, sized, maxFrameBytes: 64 })) it(law.name, law.run)
  })

  it('waits, takes, skips and hands on the state, however the stream is cut [R4]', () => {
    const expected = { messages: ['0:ab', '1:', '2:c', '3 words'], outcome: { _tag: 'Well' } }
    expect(read('ab..  c.')).toEqual(expected)
    expect(read('ab..  c.', dripping(8))).toEqual(expected)
  })

  it('makes an error of what the step calls one, with the stream offset of the byte [R19]', () => {
    const { messages, outcome } = read(' a.bc!d.', [4, 5])
    expect(messages).toEqual(['0:a'])
    expect(outcome).toMatchObject({
      error: {
        _tag: 'Malformed',
        what: 'an exclamation mark',
        at: 5,
        offset: 3,
        bytes: Uint8Array.from(Buffer.from('bc!')),
      },
    })
  })

  it('never shows the step more than a frame may have [R16]', () => {
    const shown: number[] = []
    const step: Step<Uint8Array> = (bytes, ...rest) => {
      shown.push(bytes.length)
      return lengthStep(bytes, ...rest)
    }
    transcript(lengths(8, step).decoder(), [new Uint8Array(4096)])
    expect(Math.max(...shown)).toBe(8)
    // so what lies beyond the limit is the same error for every cut
    for (const cuts of [[], [3], dripping(20)]) {
      expect(read('abcdefghijklmn!p.', cuts, 8).outcome).toMatchObject({ error: { _tag: 'TooLong', seen: 8 } })
    }
  })

  it('refuses an announced length at the header, before it buffers anything [R16]', () => {
    const decoder = lengths(1000).decoder()
    const result = decoder.push(Uint8Array.of(0xff, 0xff), () => true)
    expect(result).toMatchObject({ left: { _tag: 'TooLong', announced: 65_537, limit: 1000, offset: 0 } })
    const whole = transcript(lengths(1000).decoder(), [Buffer.alloc(70_000, 0xff)])
    expect(whole.outcome).toMatchObject({ error: { announced: 65_537 } })
  })

  it('says what a FIN has cut, and how much was expected [R13]', () => {
    const cut = (...bytes: number[]) => transcript(lengths().decoder(), [Uint8Array.from(bytes)]).outcome
    expect(cut(0, 1, 97, 0)).toMatchObject({ error: { phase: 'header', got: 1, expected: 2, offset: 3 } })
    expect(cut(0, 3)).toMatchObject({ error: { phase: 'payload', got: 2, expected: 5, offset: 0 } })
    expect(cut(0, 3, 97)).toMatchObject({ error: { phase: 'payload', got: 3, expected: 5 } })
    expect(read('ab').outcome).toMatchObject({ error: { phase: 'word', got: 2, expected: undefined } })
  })

  it('asks for the end once, even if emit stops there [R3]', () => {
    const decoder = words().decoder()
    const seen: string[] = []
    const emit = (word: string) => seen.push(word) < 0
    decoder.end(emit)
    decoder.end(emit)
    expect(seen).toEqual(['0 words'])
  })

  it.each([
    ['a frame of no bytes', frame(new Uint8Array(0), 0)],
    ['a frame of more bytes than there are', frame(new Uint8Array(0), 9)],
    ['a skip of no bytes', skip(0)],
    ['a need of what is there', need(1, 'header')],
    ['a need of all that is there', need(2, 'header')],
  ])('answers a step that gets nowhere (%s) instead of looping [R18]', (_, result) => {
    const outcome = transcript(lengths(16, () => result).decoder(), [Buffer.from('ab')]).outcome
    expect(outcome).toMatchObject({
      error: { _tag: 'Malformed', what: expect.stringContaining('a bug of its step') as unknown },
    })
  })

  it('has a limit of 1 MiB unless chosen, and refuses an impossible one [R16]', () => {
    expect(DEFAULT_MAX_FRAME_BYTES).toBe(1_048_576)
    for (const limit of [0, -1, 0.5, NaN, Infinity]) expect(() => words(limit)).toThrow(WrongOption)
  })

  it('lets no frame it gave away change as more bytes come [R20]', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 12 }), chunking(), (messages, cuts) => {
        const bytes = Buffer.concat(messages.flatMap((one) => [Uint8Array.of(0, one.length), one]))
        const views = cutAt(bytes, cuts).map(offsetView)
        const got = transcript(
          lengths().decoder(),
          views.map(({ chunk }) => chunk),
        ).messages
        expect(got.map((one) => [...one])).toEqual(messages.map((one) => [...one]))
        expect(views.every((view) => view.intact())).toBe(true)
      }),
    )
  })
})
