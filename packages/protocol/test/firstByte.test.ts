import { protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { byteQueue, bytes, decimalPrefixed, firstByte, lines } from '../src/index.ts'
import { itKeepsTheLaws } from './combinatorLaws.ts'
import { read, utf8 } from './wire.ts'

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

/** Syslog over TCP (RFC 6587): octet counting where a frame begins with a digit, else a line each. */
const syslog = (per: 'connection' | 'message') =>
  firstByte({
    among: { counted: decimalPrefixed({ separator: ' ', terminator: '' }), lines: lines() },
    choose: (byte) => (isDigit(byte) ? 'counted' : byte === 0x3c ? 'lines' : null),
    per,
  })

type Message = ReturnType<typeof counted> | ReturnType<typeof line>
const counted = (text: string) => ({ _tag: 'counted', message: utf8(text) }) as const
const line = (text: string) => ({ _tag: 'lines', message: text }) as const

const aLine = fc.string({ unit: fc.constantFrom('a', '<', 'é', '1') }).map((text) => line(`<${text}`))
const aCounted = fc.string({ unit: fc.constantFrom('a', '\n', '<', '1') }).map(counted)
const hostile = fc
  .array(fc.constantFrom('<', '1', '3 ', 'a', '\n', '<a\n', '2 ab', 'é'), { maxLength: 12 })
  .map((parts) => utf8(parts.join('')))

describe('firstByte() per message keeps the laws', () => {
  const message: fc.Arbitrary<Message> = fc.oneof(aLine, aCounted)
  const refused = fc.oneof(message, fc.constantFrom(line('1'), line(''), line('a\n')))
  for (const law of protocolLaws(syslog('message'), { message, refused, hostile })) it(law.name, law.run)
})

describe('firstByte() per connection keeps the laws', () => {
  const streams = fc.oneof(fc.array(aLine, { maxLength: 4 }), fc.array(aCounted, { maxLength: 4 }))
  const messages: fc.Arbitrary<ReadonlyArray<Message>> = streams
  itKeepsTheLaws([{ protocol: syslog('connection'), messages, read: (sent: Message) => sent, hostile }])
})

describe('firstByte()', () => {
  it('chooses anew for each frame, where it is per message [R4]', () => {
    const { messages, error } = read(syslog('message'), utf8('5 hello<1>a\n0 <1>b\n'))
    expect(messages).toEqual([counted('hello'), line('<1>a'), counted(''), line('<1>b')])
    expect(error).toBeNull()
  })

  it('chooses once, where it is per connection [R4]', () => {
    expect(read(syslog('connection'), utf8('<1>a\n5 hello\n')).messages).toEqual([line('<1>a'), line('5 hello')])
    expect(read(syslog('connection'), utf8('1 a<1>a\n')).error).toMatchObject({ _tag: 'Malformed', offset: 3 })
  })

  it('refuses a byte that no protocol begins with, where it stands [R19]', () => {
    const what = 'a first byte that no protocol begins with'
    expect(read(syslog('message'), utf8('1 a<b\nx')).error).toMatchObject({ _tag: 'Malformed', what, at: 6, offset: 6 })
    expect(read(syslog('connection'), utf8('x')).error).toMatchObject({
      _tag: 'Malformed',
      what,
      at: 0,
      bytes: utf8('x'),
    })
    const odd = firstByte({ among: { lines: lines() }, choose: () => 'toString' as 'lines' })
    expect(read(odd, utf8('a\n')).error).toMatchObject({ what })
    const none = firstByte({ among: { null: lines() }, choose: () => null })
    expect(read(none, utf8('a\n')).error).toMatchObject({ what })
  })

  it('has nothing before its first byte, and does not choose by an empty chunk [R4]', () => {
    const emit = () => true
    const decoder = syslog('connection').decoder()
    expect(decoder.push(utf8(''), emit)).toEqual(E.right(undefined))
    expect([decoder.buffered, decoder.unread()]).toEqual([0, utf8('')])
    decoder.push(utf8('<1'), emit)
    expect(decoder.buffered).toBe(2)
    expect(Uint8Array.from(decoder.unread())).toEqual(utf8('<1'))
    expect(syslog('connection').decoder().end(emit)).toEqual(E.right(undefined))
  })

  it('repeats that no protocol begins so, where it is per connection [R17]', () => {
    const emit = () => true
    const decoder = syslog('connection').decoder()
    const first = decoder.push(utf8('xy'), emit)
    expect(first).toMatchObject({ left: { _tag: 'Malformed', bytes: utf8('x'), offset: 0 } })
    expect([decoder.push(utf8('<a\n'), emit), decoder.end(emit)]).toEqual([first, first])
    expect([decoder.buffered, decoder.unread()]).toEqual([0, utf8('')])
  })

  it('does not send what would choose another, where it is per message [R15]', () => {
    const out = byteQueue()
    expect(syslog('message').encode(line('1 a'), out)).toMatchObject({
      left: { _tag: 'NotEncodable', what: 'a frame that begins as one of counted does' },
    })
    expect(syslog('message').encode(line('x'), out)).toMatchObject({
      left: { _tag: 'NotEncodable', what: 'a frame that begins as one of null does' },
    })
    const empty = firstByte({ among: { bytes: bytes() }, choose: () => 'bytes', per: 'message' })
    expect(empty.encode({ _tag: 'bytes', message: utf8('') }, out)).toMatchObject({
      left: { _tag: 'NotEncodable', what: 'a frame of no bytes, which chooses nothing', protocol: empty.name },
    })
    expect(syslog('message').encode({ _tag: 'other', message: '' } as unknown as Message, out)).toMatchObject({
      left: { _tag: 'NotEncodable', what: 'a message of no protocol: other' },
    })
    expect(out.length).toBe(0)
    expect(syslog('connection').encode(line('1 a'), out)).toEqual(E.right(undefined))
  })

  it('counts offsets from the beginning of the stream, and a FIN with what came [R13]', () => {
    expect(read(syslog('message'), utf8('1 a<b\n9 a')).error).toMatchObject({
      _tag: 'Truncated',
      phase: 'payload',
      offset: 6,
      got: 3,
      expected: 11,
    })
    const open = firstByte({
      among: { open: lines({ unterminated: 'line' }) },
      choose: () => 'open',
      per: 'message',
    })
    expect(read(open, utf8('a\nb'))).toEqual({
      messages: [
        { _tag: 'open', message: 'a' },
        { _tag: 'open', message: 'b' },
      ],
      error: null,
    })
    expect(read(syslog('message'), utf8('<b\n99999999 a')).error).toMatchObject({ _tag: 'TooLong', offset: 3 })
  })

  // each message looked at with all that follow it would take minutes, which the time limit of every test refuses
  it('reads many small messages of one chunk, each once [R18]', () => {
    const stream = utf8('<é>\n'.repeat(200_000))
    expect(read(syslog('message'), stream).messages).toHaveLength(200_000)
  })
})
