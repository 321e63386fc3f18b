import { protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { byteQueue, fixedLength, json, lengthPrefixed, lines, prefixed, through } from '../src/index.ts'
import { itKeepsTheLaws, pairs } from './combinatorLaws.ts'
import { hex, read, utf8 } from './wire.ts'

describe('prefixed(), of framings drawn at random, keeps the laws', () => {
  itKeepsTheLaws(
    pairs(25).map(([header, body]) => ({
      protocol: prefixed(header.protocol, body.protocol),
      messages: fc.array(fc.tuple(header.message, body.message), { maxLength: 4 }),
      read: ([first, second]: readonly [unknown, unknown]) => [header.read(first), body.read(second)] as const,
      hostile: fc.tuple(header.hostile, body.hostile).map((both) => Buffer.concat(both)),
    })),
  )
})

describe('prefixed()', () => {
  const typed = prefixed(fixedLength(1), lengthPrefixed({ width: 1 }))

  describe('as it comes', () => {
    const message = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 1 }), fc.uint8Array({ maxLength: 8 }))
    for (const law of protocolLaws(typed, { message })) it(law.name, law.run)
  })

  it('takes nothing until both are there [R4]', () => {
    const decoder = typed.decoder()
    const emit = () => true
    decoder.push(hex('07'), emit)
    expect(decoder.buffered).toBe(1)
    decoder.push(hex('02 68'), emit)
    expect(decoder.unread()).toEqual(hex('07 02 68'))
    expect(decoder.end(emit)).toEqual(E.right(undefined))
  })

  it('calls a header without its frame truncated, and counts it in [R13]', () => {
    const error = (digits: string) => read(typed, hex(digits)).error
    expect(error('07 00 08')).toMatchObject({ _tag: 'Truncated', offset: 2, got: 1, phase: 'frame behind its header' })
    expect(error('07 02 68')).toMatchObject({
      _tag: 'Truncated',
      offset: 0,
      got: 3,
      expected: 4,
      bytes: hex('07 02 68'),
    })
    expect(read(prefixed(lengthPrefixed(), lines()), hex('0000')).error).toMatchObject({
      _tag: 'Truncated',
      phase: 'header',
      got: 2,
      expected: 4,
    })
    const open = prefixed(lines({ unterminated: 'line' }), lines())
    expect(read(open, utf8('a')).error).toMatchObject({ _tag: 'Truncated', phase: 'frame behind its header', got: 1 })
    const two = prefixed(lines(), lines({ unterminated: 'line' }))
    expect(read(two, utf8('a\n')).error).toMatchObject({ _tag: 'Truncated', got: 2 })
    expect(read(two, utf8('a\nb'))).toEqual({ messages: [['a', 'b']], error: null })
  })

  it('counts offsets from the beginning of the stream [R19]', () => {
    const strict = prefixed(lines(), lines({ ending: 'strict' }))
    expect(read(strict, utf8('a\nb\r\nc\nd\n')).error).toMatchObject({ _tag: 'Malformed', at: 8, offset: 7 })
    const header = prefixed(lines({ ending: 'strict' }), lines())
    expect(read(header, utf8('a\r\nb\nc\nd\n')).error).toMatchObject({ _tag: 'Malformed', at: 6, offset: 5 })
    const small = prefixed(lines(), lines({ maxFrameBytes: 4 }))
    expect(read(small, utf8('a\nb\nc\ndefgh\n')).error).toMatchObject({ _tag: 'TooLong', limit: 4, offset: 6 })
  })

  it('counts offsets of what is no message of a codec too, at a FIN as before [R19]', () => {
    const numbers = prefixed(lines(), pipe(lines({ unterminated: 'line' }), through(json())))
    expect(read(numbers, utf8('a\n1\nb\n?\n')).error).toMatchObject({ _tag: 'Invalid', offset: 6, frame: '?' })
    expect(read(numbers, utf8('a\n1\nb\n?'))).toMatchObject({
      messages: [['a', 1]],
      error: { _tag: 'Invalid', offset: 6, frame: '?' },
    })
    expect(read(prefixed(lines(), lines()), utf8('a\nb')).error).toMatchObject({ got: 3, expected: undefined })
  })

  it('prints as the expression that built it', () => {
    expect(typed.name).toBe('prefixed(fixedLength(1), lengthPrefixed({ width: 1 }))')
  })

  it('takes the header back where the message is refused [R8]', () => {
    const out = byteQueue()
    expect(prefixed(lines(), lines()).encode(['a', 'b\nc'], out)).toMatchObject({ left: { _tag: 'NotEncodable' } })
    expect(prefixed(lines(), lines()).encode(['a\n', 'b'], out)).toMatchObject({ left: { _tag: 'NotEncodable' } })
    expect(out.length).toBe(0)
  })
})
