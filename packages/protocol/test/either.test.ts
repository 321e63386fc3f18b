import { drip, protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { HeaderFrame } from '../src/index.ts'
import { byteQueue, either, framing, headerFramed, lengthPrefixed, lines, more } from '../src/index.ts'
import { itKeepsTheLaws, pairs } from './combinatorLaws.ts'
import { hex, read, utf8 } from './wire.ts'

const framed = (text: string): E.Either<HeaderFrame, never> => E.left({ headers: [], body: utf8(text) })
const header = (text: string): string => `Content-Length: ${String(text.length)}\r\n\r\n${text}`
const both = (per: 'connection' | 'message') => either(headerFramed({ maxHeaderBytes: 64 }), lines(), { per })

describe('either(), of framings drawn at random, keeps the laws', () => {
  const laws = ['roundTrip', 'truncation', 'unreadBytes'] as const
  describe.each(['connection', 'message'] as const)('per %s, of any bytes:', (per) => {
    itKeepsTheLaws(
      pairs(25).map(([first, second]) => ({
        protocol: either(first.protocol, second.protocol, { per }),
        messages: fc.array(fc.oneof(first.message.map(E.left), second.message.map(E.right)), { maxLength: 4 }),
        read: E.bimap(first.read, second.read),
        hostile: fc.oneof(first.hostile, second.hostile),
        // which messages tell is a matter of the two
        except: laws,
      })),
    )
  })
})

describe('either() per message keeps the laws', () => {
  const message = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '\n', 'C', '\r') }).map(framed),
    // what begins as a header block does waits for the rest of it
    fc.string({ unit: fc.constantFrom('a', 'C', ':', ' ') }).map((text) => E.right(text)),
  )
  const refused = fc.constantFrom(E.right('a\n'), E.right('Content-Length: 1\r'), framed('x'))
  const hostile = fc
    .array(fc.constantFrom('a', '\n', '\r\n', header('a'), 'Content-', ': 1\r\n'), { maxLength: 8 })
    .map((parts) => utf8(parts.join('')))
  for (const law of protocolLaws(both('message'), { message, refused, hostile })) it(law.name, law.run)
})

describe('either() per connection keeps the laws', () => {
  const lefts = fc.array(fc.string({ unit: fc.constantFrom('a', '\n') }).map(framed), { maxLength: 4 })
  const rights = fc.array(
    fc.string({ unit: fc.constantFrom('a', 'C') }).map((text) => E.right(text)),
    { maxLength: 4 },
  )
  const messages: fc.Arbitrary<ReadonlyArray<E.Either<HeaderFrame, string>>> = fc.oneof(lefts, rights)
  itKeepsTheLaws([{ protocol: both('connection'), messages, read: (sent) => sent, hostile: fc.constant(utf8('')) }])
})

describe('either()', () => {
  it('reads what the first refuses with the second, from the first byte on, once [R4]', () => {
    for (const chunks of [[utf8('hello\nyou\n')], drip(utf8('hello\nyou\n'))]) {
      expect(read(both('connection'), ...chunks)).toEqual({ messages: [E.right('hello'), E.right('you')], error: null })
    }
  })

  it('stays with its choice, where it is per connection [R4]', () => {
    expect(read(both('connection'), utf8(`${header('a')}b\n`))).toMatchObject({
      messages: [framed('a')],
      error: { _tag: 'Malformed' },
    })
    expect(read(both('connection'), utf8(`b\n${header('a')}\n`)).messages).toEqual([
      E.right('b'),
      E.right('Content-Length: 1'),
      E.right(''),
      E.right('a'),
    ])
  })

  it('chooses anew for each frame, where it is per message [R4]', () => {
    const stream = utf8(`b\n${header('a')}c\n${header('')}`)
    const messages = [E.right('b'), framed('a'), E.right('c'), framed('')]
    for (const chunks of [[stream], drip(stream)])
      expect(read(both('message'), ...chunks)).toEqual({ messages, error: null })
  })

  it('says what the second says where neither can read, and counts from the beginning of the stream [R19]', () => {
    const strict = either(headerFramed(), lines({ ending: 'strict' }), { per: 'message' })
    expect(read(strict, utf8(`${header('a')}b\n`)).error).toMatchObject({
      what: 'an LF without CR',
      at: 23,
      offset: 22,
    })
  })

  it('calls a FIN within a frame that the first has not refused truncated [R13]', () => {
    const cut = utf8('Content-Length: 5\r\n\r\nab')
    expect(read(either(headerFramed(), lines({ ending: 'strict' })), hex('0000')).error).toMatchObject({
      phase: 'header block',
    })
    for (const per of ['connection', 'message'] as const) {
      const error = { _tag: 'Truncated', phase: 'body', got: 23, expected: 26 }
      expect(read(both(per), cut)).toMatchObject({ messages: [], error })
    }
    const short = either(lengthPrefixed(), lines())
    expect(read(short, utf8('hi\n')).error).toMatchObject({ _tag: 'Truncated', phase: 'header', got: 3 })
    expect(read(short, hex('0000')).error).toMatchObject({ _tag: 'Truncated', phase: 'header' })
  })

  it('leaves a FIN to the second where the first has refused [R13]', () => {
    const marked = lengthPrefixed({ width: 1, magic: utf8('!') })
    const mixed = either(marked, lines(), { per: 'message' })
    expect(read(mixed, utf8('!\u0001ab')).error).toMatchObject({ _tag: 'Truncated', phase: 'line', offset: 3, got: 1 })
    const open = lines({ unterminated: 'line' })
    expect(read(either(marked, open, { per: 'message' }), utf8('ab'))).toEqual({
      messages: [E.right('ab')],
      error: null,
    })
    expect(read(either(open, marked, { per: 'message' }), utf8('ab'))).toEqual({
      messages: [E.left('ab')],
      error: null,
    })
  })

  it('calls what a FIN makes nothing of truncated all the same, where it is per message [R13]', () => {
    const quiet = framing<string>({
      name: 'quiet()',
      initial: undefined,
      step: () => more(0, 'frame'),
      end: () => ({ _tag: 'Nothing' }),
      encode: () => E.right(undefined),
    })
    expect(read(either(quiet, lines(), { per: 'message' }), utf8('ab')).error).toMatchObject({
      _tag: 'Truncated',
      got: 2,
      offset: 0,
    })
  })

  it('says at once that neither can read, and waits for no FIN [R19]', () => {
    const strict = either(lengthPrefixed({ width: 1, magic: utf8('!') }), lines({ ending: 'strict' }), {
      per: 'message',
    })
    expect(strict.decoder().push(utf8('a\n'), () => true)).toMatchObject({ left: { what: 'an LF without CR', at: 1 } })
  })

  it('hands back what came while it had not decided [R4]', () => {
    const decoder = both('connection').decoder()
    decoder.push(utf8('Content'), () => true)
    decoder.push(utf8('-L'), () => true)
    expect(decoder.buffered).toBe(9)
    expect(decoder.unread()).toEqual(utf8('Content-L'))
    expect(decoder.buffered).toBe(0)
    // what was handed back is not read by the second either
    const seen: unknown[] = []
    decoder.push(utf8('hi\nyo'), (message) => seen.push(message) > 0)
    expect(seen).toEqual([E.right('hi')])
    expect(decoder.buffered).toBe(2)
    expect(Uint8Array.from(decoder.unread())).toEqual(utf8('yo'))
  })

  it('does not send a Right that the first would read, or wait for, where it is per message [R15]', () => {
    const out = byteQueue()
    const greedy = either(lines(), lines({ ending: 'crlf' }), { per: 'message' })
    expect(greedy.encode(E.right('a'), out)).toMatchObject({
      left: { _tag: 'NotEncodable', what: 'a frame that lines() would read' },
    })
    expect(either(lengthPrefixed(), lines(), { per: 'message' }).encode(E.right('a'), out)).toMatchObject({
      left: { _tag: 'NotEncodable' },
    })
    expect(both('message').encode(E.right('a\n'), out)).toMatchObject({
      left: { _tag: 'NotEncodable', protocol: 'lines()' },
    })
    expect(out.length).toBe(0)
    // whoever has chosen is read by its own protocol
    expect(either(lines(), lines({ ending: 'crlf' })).encode(E.right('a'), out)).toEqual(E.right(undefined))
  })
})
