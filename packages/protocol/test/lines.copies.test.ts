import type { Decoder } from '@sluice/protocol'
import { jsonLines, lengthPrefixed, lines } from '@sluice/protocol'
import { chunking, cutAt, mutate, mutation, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { lineBytes, optionSets } from './lineCases.ts'

const runs = 30 * (fc.readConfigureGlobal().numRuns ?? 100)

/** As `transcript`, but every chunk comes in the same memory, which is written over after each call; stops at every `nth`. */
const borrowed = (decoder: Decoder<unknown>, chunks: readonly Uint8Array[], nth: number) => {
  const memory = Buffer.alloc(Math.max(1, ...chunks.map((chunk) => chunk.length)))
  const messages: unknown[] = []
  let stopped = false
  const emit = (message: unknown): boolean => {
    messages.push(message)
    stopped = messages.length % nth === 0
    return !stopped
  }
  let error: unknown = null
  const pushed = (bytes: Uint8Array): void => {
    stopped = false
    const result = decoder.push(bytes, emit)
    memory.fill('\n')
    if (E.isLeft(result)) error = result.left
  }
  for (const chunk of chunks) {
    memory.set(chunk)
    pushed(memory.subarray(0, chunk.length))
    while (stopped && error === null) pushed(memory.subarray(0, 0))
    if (error !== null) break
  }
  return { messages, error }
}

describe('lines of text', () => {
  it('keep nothing of a chunk, so that its memory may be used again [R4][R20]', () => {
    fc.assert(
      fc.property(
        fc.record({
          options: optionSets().filter(({ encoding }) => encoding !== 'bytes'),
          bytes: fc
            .tuple(lineBytes(), fc.array(mutation(), { maxLength: 2 }))
            .map(([bytes, some]) => mutate(bytes, some)),
          cuts: chunking({ maxBytes: 96, maxCuts: 6 }),
          nth: fc.integer({ min: 1, max: 4 }),
        }),
        ({ options, bytes, cuts, nth }) => {
          const chunks = cutAt(bytes, cuts)
          const protocol = lines(options)
          expect(protocol.decoder().copies).toBe(true)
          // each in memory of its own
          const expected = transcript(
            protocol.decoder(),
            chunks.map((chunk) => Uint8Array.from(chunk)),
            { end: false },
          )
          const { messages, error } = borrowed(protocol.decoder(), chunks, nth)
          expect(messages).toEqual(expected.messages)
          expect(error).toEqual(expected.outcome._tag === 'Failed' ? expected.outcome.error : null)
        },
      ),
      { numRuns: runs },
    )
  })

  it('are taken out unread in memory of their own [R4]', () => {
    const memory = Buffer.from('one\ntwo\nthr')
    const decoder = lines().decoder()
    decoder.push(memory, () => false)
    const rest = decoder.unread()
    memory.fill(0)
    expect(Buffer.from(rest).toString()).toBe('two\nthr')
  })

  it('say so also through a codec; bytes and what is not text say nothing [R20]', () => {
    expect(jsonLines().decoder().copies).toBe(true)
    expect(lines({ encoding: 'bytes' }).decoder().copies).toBe(false)
    expect(lengthPrefixed().decoder().copies).toBe(undefined)
  })
})
