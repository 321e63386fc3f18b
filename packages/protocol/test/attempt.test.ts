import { hostileBytes, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { Malformed, attempt, lines, skipping } from '../src/index.ts'
import { PARTS, itKeepsTheLaws } from './combinatorLaws.ts'
import { read, utf8 } from './wire.ts'

describe('attempt(), of framings drawn at random, keeps the laws', () => {
  itKeepsTheLaws(
    PARTS.map(({ protocol, message, read: readBack, hostile }) => ({
      protocol: attempt(protocol),
      messages: fc.array(message, { maxLength: 4 }),
      read: (sent: unknown) => E.right(readBack(sent)),
      hostile,
      // a FIN inside a frame is a value
      except: ['truncation'] as const,
    })),
  )
})

describe('attempt()', () => {
  it('gives what the protocol gives, its error as the last message [R19]', () => {
    const cases = fc.tuple(fc.constantFrom(...PARTS), hostileBytes())
    fc.assert(
      fc.property(cases, ([{ protocol }, bytes]) => {
        const { messages, outcome } = transcript(protocol.decoder(), [bytes])
        const error = outcome._tag === 'Failed' ? [E.left(outcome.error)] : []
        const attempted = transcript(attempt(protocol).decoder(), [bytes])
        expect(attempted).toMatchObject({ outcome: { _tag: 'Well' } })
        expect(attempted.messages).toEqual([...messages.map(E.right), ...error])
      }),
      { numRuns: 1000 },
    )
  })

  it('says nothing more behind the first error, and drops what comes [R17]', () => {
    const decoder = attempt(lines()).decoder()
    const seen: Array<E.Either<Error, string>> = []
    const emit = (one: E.Either<Error, string>) => seen.push(one) > 0
    expect(decoder.push(Buffer.from('a\n\xff\nb\n', 'latin1'), emit)).toEqual(E.right(undefined))
    decoder.push(utf8('c\n'), emit)
    expect(decoder.end(emit)).toEqual(E.right(undefined))
    expect(seen).toMatchObject([E.right('a'), { left: { _tag: 'Malformed', at: 2 } }])
    expect(decoder.buffered).toBe(0)
    expect(decoder.unread()).toHaveLength(0)
  })

  it('hands back what its protocol would, and is named after it [R4]', () => {
    const decoder = attempt(lines()).decoder()
    decoder.push(utf8('a\nbc'), () => true)
    expect([decoder.buffered, Buffer.from(decoder.unread()).toString(), decoder.buffered]).toEqual([2, 'bc', 0])
    expect(attempt(lines()).name).toBe('attempt(lines())')
  })

  it('gives the error of a FIN inside a frame once [R13]', () => {
    const { messages, error } = read(attempt(lines()), utf8('a\nb'))
    expect(messages).toMatchObject([E.right('a'), { left: { _tag: 'Truncated', got: 1 } }])
    expect(error).toBeNull()
  })
})

describe('skipping()', () => {
  const tolerant = lines({ invalidText: 'value', tooLong: 'value', maxFrameBytes: 8 })

  describe('keeps the laws', () => {
    const protocol = skipping(tolerant, { onSkipped: () => undefined })
    const messages = fc.array(fc.string({ unit: fc.constantFrom('a', 'é'), maxLength: 3 }), { maxLength: 4 })
    const hostile = fc
      .array(fc.constantFrom('a', '\n', '\xff', 'aaaaaaaaaa'), { maxLength: 12 })
      .map((parts) => Buffer.from(parts.join(''), 'latin1'))
    itKeepsTheLaws([{ protocol, messages, read: (sent: string) => sent, hostile }])
  })

  it('drops bad frames, tells each once, and goes on behind them [R19]', () => {
    const skipped: string[] = []
    const protocol = skipping(tolerant, {
      onSkipped: (error) => skipped.push(`${error._tag} at ${String(error.offset)}`),
    })
    const bytes = Buffer.from('ann\n\xff\nhi\n0123456789\nyou\n', 'latin1')
    expect(read(protocol, bytes)).toEqual({ messages: ['ann', 'hi', 'you'], error: null })
    expect(skipped).toEqual(['Malformed at 4', 'TooLong at 9'])
    expect(protocol.name).toBe(`skipping(${tolerant.name})`)
  })

  it('leaves fatal errors as they are [R17]', () => {
    const onSkipped = () => undefined
    expect(read(skipping(tolerant, { onSkipped }), utf8('a')).error).toMatchObject({ _tag: 'Truncated' })
    const skipped: unknown[] = []
    expect(read(skipping(attempt(lines()), { onSkipped: (error) => skipped.push(error) }), utf8('a\nb'))).toEqual({
      messages: ['a'],
      error: null,
    })
    expect(skipped).toMatchObject([{ _tag: 'Truncated' }])
    expect(skipped[0]).not.toBeInstanceOf(Malformed)
  })
})
