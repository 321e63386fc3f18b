import { protocolLaws, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { limited, lines } from '../src/index.ts'
import { read, utf8 } from './wire.ts'

const emit = () => true

/** A clock that stands still until it is told. */
const clock = () => {
  let nowMs = 1000
  return { now: () => nowMs, advance: (ms: number) => (nowMs += ms) }
}

describe('limited() keeps the laws', () => {
  const message = fc.string({ unit: fc.constantFrom('a', 'é') })
  const hostile = fc
    .array(fc.constantFrom('\n', '\n', 'é\n', 'a'), { maxLength: 30 })
    .map((parts) => utf8(parts.join('')))
  const options = { framesPerSecond: 8, now: () => 0 }
  for (const law of protocolLaws(limited(lines(), options), { message, hostile })) it(law.name, law.run)
})

describe('limited()', () => {
  it('takes so many frames of one chunk, and not one more [R16]', () => {
    const protocol = limited(lines(), { framesPerDispatch: 3 })
    expect(read(protocol, utf8('a\nb\nc\n'), utf8('d\ne\nf\n')).messages).toHaveLength(6)
    expect(read(protocol, utf8('aa\nb\nc\ndé\ne\n'))).toMatchObject({
      messages: ['aa', 'b', 'c'],
      error: { _tag: 'Malformed', what: 'more than 3 frames in one dispatch', at: 7, offset: 7, bytes: utf8('dé\n') },
    })
  })

  it('goes on counting the same chunk after a stop [R3]', () => {
    const decoder = limited(lines(), { framesPerDispatch: 3 }).decoder()
    decoder.push(utf8('a\nb\nc\nd\n'), () => false)
    decoder.push(utf8(''), () => false)
    const first = decoder.push(utf8(''), emit)
    expect(first).toMatchObject({ left: { what: 'more than 3 frames in one dispatch', at: 6, bytes: utf8('d\n') } })
    expect(decoder.push(utf8('e\n'), emit)).toEqual(first)
    expect(decoder.end(emit)).toEqual(first)
    expect(decoder.buffered).toBe(0)
  })

  it('shows of the frame that is too many what came of it with the last chunk, and 64 bytes at most [R19]', () => {
    const protocol = limited(lines(), { framesPerDispatch: 1 })
    expect(read(protocol, utf8('a'), utf8('\nbc\nd\n')).error).toMatchObject({ at: 2, offset: 2, bytes: utf8('bc\n') })
    expect(read(protocol, utf8(`a\n${'b'.repeat(100)}\n`)).error).toMatchObject({ at: 2, bytes: utf8('b'.repeat(64)) })
    const slow = limited(lines(), { framesPerSecond: 1, now: () => 0 })
    expect(read(slow, utf8('a\nb'), utf8('c\n')).error).toMatchObject({ at: 2, offset: 2, bytes: utf8('c\n') })
  })

  it('counts what a FIN makes a frame of, and hands back the rest [R3]', () => {
    const open = limited(lines({ unterminated: 'line' }), { framesPerSecond: 1, now: () => 0 })
    expect(read(open, utf8('a'))).toEqual({ messages: ['a'], error: null })
    expect(read(open, utf8('a\nb'))).toMatchObject({ messages: ['a'], error: { _tag: 'Malformed', at: 2 } })
    const decoder = open.decoder()
    decoder.push(utf8('a\nbc'), emit)
    expect([decoder.buffered, Buffer.from(decoder.unread()).toString(), decoder.buffered]).toEqual([2, 'bc', 0])
  })

  it('takes so many frames a second, evenly, and at once after a pause [R16]', () => {
    const { now, advance } = clock()
    const decoder = limited(lines(), { framesPerSecond: 2, now }).decoder()
    expect(decoder.push(utf8('a\nb\n'), emit)).toEqual(E.right(undefined))
    advance(500)
    expect(decoder.push(utf8('c\n'), emit)).toEqual(E.right(undefined))
    // a pause fills the bucket, and no more than that
    advance(60_000)
    expect(decoder.push(utf8('d\ne\n'), emit)).toEqual(E.right(undefined))
    advance(499)
    expect(decoder.push(utf8('f\n'), emit)).toMatchObject({
      left: { _tag: 'Malformed', what: 'more than 2 frames in a second', at: 10, offset: 10 },
    })
  })

  it('lets time pass within a chunk too, and is not moved by a clock that goes back', () => {
    const { now, advance } = clock()
    const decoder = limited(lines(), { framesPerSecond: 1, now }).decoder()
    const seen: string[] = []
    expect(decoder.push(utf8('a\nb\nc\n'), (line) => advance(1000) > 0 && seen.push(line) > 0)).toEqual(
      E.right(undefined),
    )
    expect(seen).toEqual(['a', 'b', 'c'])
    advance(-5000)
    expect(decoder.push(utf8('d\n'), emit)).toMatchObject({ left: { what: 'more than 1 frames in a second' } })
  })

  it('stops a flood of a million empty frames in one chunk at its limit [R18]', () => {
    const { messages, outcome } = transcript(limited(lines(), { framesPerDispatch: 1000 }).decoder(), [
      Buffer.alloc(1_000_000, 10),
    ])
    expect(messages).toHaveLength(1000)
    expect(outcome).toMatchObject({ error: { _tag: 'Malformed', at: 1000 } })
  })
})
