import { chunkings, everyTwoWaySplit, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { HTTPParser } from 'http-parser-js'
import { describe, expect, it } from 'vitest'
import type { ChunkedBody, Chunk, Protocol } from '../src/index.ts'
import { WrongOption, byteQueue, chunked, chunks } from '../src/index.ts'
import { read, utf8 } from './wire.ts'

const wire = <A>(protocol: Protocol<unknown, A>, ...messages: ReadonlyArray<A>): string => {
  const out = byteQueue()
  for (const message of messages) {
    const result = protocol.encode(message, out)
    if (E.isLeft(result)) return `${result.left._tag}: ${result.left.message}`
  }
  return Buffer.from(out.take()).toString('latin1')
}

const body = (bytes: string | Uint8Array, trailers: ChunkedBody['trailers'] = []): ChunkedBody => ({
  body: typeof bytes === 'string' ? utf8(bytes) : bytes,
  trailers,
})

describe('chunked()', () => {
  // written from the grammar of RFC 9112 section 7.1, which has no example of its own
  it.each([
    ['one chunk', '5\r\nhello\r\n0\r\n\r\n', body('hello')],
    ['no chunk', '0\r\n\r\n', body('')],
    [
      'several chunks',
      '4\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\n\r\n',
      body('Wikipedia in \r\n\r\nchunks.'),
    ],
    [
      'digits of either case and zeros in front',
      '00A\r\n0123456789\r\na\r\n0123456789\r\n000\r\n\r\n',
      body('01234567890123456789'),
    ],
    ['extensions', '3;a=b;c="d;e"\r\nabc\r\n2 \t;q\r\nde\r\n0\t;last\r\n\r\n', body('abcde')],
    ['sixteen digits', '0000000000000001\r\na\r\n0000000000000000\r\n\r\n', body('a')],
    [
      'trailers',
      '1\r\na\r\n0\r\nExpires: never\r\nx:1\r\n\r\n',
      body('a', [
        ['Expires', 'never'],
        ['x', '1'],
      ]),
    ],
  ])('reads %s [R15]', (_, bytes, message) => {
    for (const chunks of [[utf8(bytes)], ...everyTwoWaySplit(utf8(bytes))]) {
      expect(read(chunked(), ...chunks)).toEqual({ messages: [message], error: null })
    }
  })

  it('writes a body in one chunk, and the empty one [R15]', () => {
    expect(wire(chunked(), body('0123456789abcdef', [['X', 'y']]))).toBe('10\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\n')
    expect(wire(chunked(), body(''))).toBe('0\r\n\r\n')
  })

  it.each([
    ['no digit', '\r\n', 'a chunk size without a digit', 0],
    ['a sign', '+1\r\na\r\n', 'a chunk size without a digit', 0],
    ['a prefix', '0x1\r\na\r\n', 'a chunk size with a wrong character in it', 1],
    ['a digit too many', '00000000000000001\r\n', 'a chunk size of more than 16 digits', 16],
    ['a digit too many at once', '00000000000000001', 'a chunk size of more than 16 digits', 16],
    ['a bare LF behind the size', '1\na\r\n', 'a chunk size with a wrong character in it', 1],
    ['a bare LF in an extension', '1;a\na\r\n', 'an LF without CR', 3],
    ['a bare CR in an extension', '1;a\rb\r\na\r\n', 'a CR without LF', 3],
    ['a NUL in an extension', '1;\0\r\na\r\n', 'a control character in a chunk extension', 2],
    ['a DEL in an extension', '1;\x7f\r\na\r\n', 'a control character in a chunk extension', 2],
    ['blanks without an extension', '1 \r\na\r\n', 'a chunk size with something but an extension behind it', 2],
    ['something but an extension', '1 a\r\na\r\n', 'a chunk size with something but an extension behind it', 2],
    ['data longer than the size', '1\r\nab\r\n0\r\n\r\n', 'a chunk longer than its size', 4],
    ['data that ends in a bare LF', '1\r\na\n0\r\n\r\n', 'a chunk longer than its size', 4],
    ['data that ends in a bare CR', '1\r\na\r0\r\n\r\n', 'a chunk longer than its size', 5],
    ['a trailer without a colon', '0\r\nabc\r\n\r\n', 'a header line without a colon', 3],
    ['a trailer whose colon is on the next line', '0\r\nabc\r\n:d\r\n\r\n', 'a header line without a colon', 3],
    ['a bare LF in the trailers', '0\r\na: b\n\r\n', 'an LF without CR', 7],
    ['a bare LF for the last line', '0\r\n\n', 'an LF without CR', 3],
  ])('refuses %s [R19]', (_, bytes, what, at) => {
    for (const protocol of [chunked(), chunks()]) {
      const { messages, error } = read<unknown>(protocol, utf8(bytes))
      expect({ messages, error }).toMatchObject({ messages: [], error: { _tag: 'Malformed', what, at, offset: 0 } })
    }
  })

  it('says which part a FIN has cut [R13]', () => {
    const phase = (bytes: string) => read(chunked(), utf8(bytes)).error
    expect(phase('5')).toMatchObject({ _tag: 'Truncated', phase: 'chunk size', got: 1 })
    expect(phase('5\r')).toMatchObject({ _tag: 'Truncated', phase: 'chunk size', got: 2 })
    expect(phase('5;a')).toMatchObject({ _tag: 'Truncated', phase: 'chunk size', got: 3 })
    expect(phase('5\r\nhel')).toMatchObject({ phase: 'chunk', got: 6, expected: 10 })
    expect(phase('5\r\nhello\r\n')).toMatchObject({ phase: 'chunk size' })
    expect(phase('0\r\nX: y\r\n')).toMatchObject({ phase: 'trailers' })
  })

  it('refuses a chunk over the limit at its size line, what came before counted in [R16]', () => {
    const limit = (bytes: string) => read(chunked({ maxFrameBytes: 20 }), utf8(bytes)).error
    expect(limit('F\r\n')).toMatchObject({ _tag: 'Truncated', expected: 20 })
    expect(limit('10\r\n')).toMatchObject({ _tag: 'TooLong', announced: 22, limit: 20 })
    expect(limit('4\r\nabcd\r\n7\r\n')).toMatchObject({ _tag: 'TooLong', announced: 21 })
    expect(limit('ffffffffffffffff\r\n')).toMatchObject({ _tag: 'TooLong' })
    expect(limit(`1;${'x'.repeat(30)}`)).toMatchObject({ _tag: 'TooLong', seen: 20 })
    expect(limit('1\r\na\r\n'.repeat(4))).toMatchObject({ _tag: 'TooLong' })
  })

  it.each([
    [body('', [['a b', '']]), 'a header name that is no token'],
    [body('', [['a', 'b\r\n']]), 'a control character in a header value'],
    [{ body: 'text', trailers: [] }, 'a value that is no Uint8Array'],
  ])('does not send %o: %s [R15]', (message, what) => {
    expect(wire(chunked(), message as ChunkedBody)).toBe(`NotEncodable: chunked() cannot send this message: ${what}`)
  })

  it.each([0, 4, 0.5, NaN, Infinity])('refuses a limit of %s [R16]', (maxFrameBytes) => {
    expect(() => chunked({ maxFrameBytes })).toThrow(WrongOption)
    expect(() => chunked({ maxFrameBytes })).toThrow(/^chunked\(.* expected a whole number of bytes from 5 on$/)
    expect(() => chunks({ maxFrameBytes })).toThrow(WrongOption)
    expect(() => chunks({ maxFrameBytes })).toThrow(/^chunks\(.* expected a whole number of bytes from 6 on$/)
  })

  it('takes the least limit there is, that of an empty body or of one byte [R16]', () => {
    expect(wire(chunked({ maxFrameBytes: 5 }), body(''))).toBe('0\r\n\r\n')
    expect(wire(chunks({ maxFrameBytes: 6 }), { _tag: 'Data', data: utf8('a'), extensions: '' })).toBe('1\r\na\r\n')
  })

  it('gives a body of one chunk as a view, one of several as a copy [R20]', () => {
    const bytes = utf8('1\r\na\r\n0\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n')
    const [one, two] = read(chunked(), bytes).messages
    expect(one?.body.buffer).toBe(bytes.buffer)
    expect(two?.body.buffer.byteLength).toBe(2)
  })
})

describe('chunks()', () => {
  it('gives each chunk with what stands behind its size, and writes that again [R15]', () => {
    const text = '3;a=b\r\nabc\r\n0 ;z\r\nX: y\r\n\r\n'
    const messages: Chunk[] = [
      { _tag: 'Data', data: utf8('abc'), extensions: ';a=b' },
      { _tag: 'Last', trailers: [['X', 'y']], extensions: ' ;z' },
    ]
    expect(read(chunks(), utf8(text))).toEqual({ messages, error: null })
    expect(wire(chunks(), ...messages)).toBe(text)
  })

  it('calls a body without its last chunk truncated, and is at a border behind it [R13]', () => {
    const cut = read(chunks(), utf8('1\r\na\r\n'))
    expect(cut.messages).toHaveLength(1)
    expect(cut.error).toMatchObject({ _tag: 'Truncated', phase: 'body', got: 0, offset: 6 })
    // within a chunk it is that chunk which is cut
    expect(read(chunks(), utf8('1\r\na\r\n5')).error).toMatchObject({ _tag: 'Truncated', phase: 'chunk size', got: 1 })
    expect(read(chunks(), utf8('5')).error).toMatchObject({ _tag: 'Truncated', phase: 'chunk size', got: 1 })
    expect(read(chunks(), utf8('1\r\na\r\n0\r\n\r\n')).error).toBeNull()
    expect(read(chunks(), utf8('')).error).toBeNull()
  })

  it('has no limit for a body, only for each chunk [R16]', () => {
    const many = read(chunks({ maxFrameBytes: 8 }), utf8(`${'3\r\nabc\r\n'.repeat(1000)}0\r\n\r\n`))
    expect(many).toMatchObject({ error: null })
    expect(many.messages).toHaveLength(1001)
    expect(read(chunks({ maxFrameBytes: 8 }), utf8('4\r\n')).error).toMatchObject({ _tag: 'TooLong', announced: 9 })
    const data = (bytes: number): Chunk => ({ _tag: 'Data', data: new Uint8Array(bytes), extensions: '' })
    expect(wire(chunks({ maxFrameBytes: 8 }), data(3))).toHaveLength(8)
    expect(wire(chunks({ maxFrameBytes: 8 }), data(4))).toMatch(/^TooLong/)
  })

  const noExtension = 'extensions that do not begin with a semicolon, or cannot be sent'
  it.each<readonly [Chunk, string]>([
    [{ _tag: 'Data', data: utf8(''), extensions: '' }, 'a chunk of no data, which ends the body'],
    [{ _tag: 'Data', data: utf8('a'), extensions: 'q' }, noExtension],
    [{ _tag: 'Data', data: utf8('a'), extensions: ';\r\n' }, noExtension],
    [{ _tag: 'Data', data: 'a' as unknown as Uint8Array, extensions: '' }, 'a value that is no Uint8Array'],
    [{ _tag: 'Last', trailers: [['', '']], extensions: '' }, 'a header name that is no token'],
  ])('does not send %o: %s [R15]', (chunk, what) => {
    expect(wire(chunks(), chunk)).toBe(`NotEncodable: chunks() cannot send this message: ${what}`)
  })
})

/** What http-parser-js makes of a body, and whether it is over. */
const parsed = (bytes: Uint8Array) => {
  const parser = new HTTPParser(HTTPParser.REQUEST)
  const data: Uint8Array[] = []
  let complete = false
  parser[HTTPParser.kOnBody] = (chunk, offset, length) => {
    data.push(chunk.subarray(offset, offset + length))
  }
  parser[HTTPParser.kOnMessageComplete] = () => {
    complete = true
  }
  parser.execute(Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'))
  parser.execute(Buffer.from(bytes))
  return { body: Buffer.concat(data).toString('latin1'), complete }
}

describe('chunked() and http-parser-js', () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 })
  const extension = fc.constantFrom('', ';a', ' ;a="b"')

  it('read the same body [R15]', () => {
    fc.assert(
      fc.property(pieces, extension, (parts, extensions) => {
        const all: Chunk[] = parts.map((data) => ({ _tag: 'Data', data, extensions }))
        const bytes = Buffer.from(
          wire(chunks(), ...all, { _tag: 'Last', trailers: [['X', 'y']], extensions }),
          'latin1',
        )
        const expected = { body: Buffer.concat(parts).toString('latin1'), complete: true }
        expect(parsed(bytes)).toEqual(expected)
        const { messages } = read(chunked(), bytes)
        expect(messages.map((one) => Buffer.from(one.body).toString('latin1'))).toEqual([expected.body])
      }),
      { numRuns: 1000 },
    )
  })

  it('joins what chunks() gives one by one, however they are cut [R4]', () => {
    const message = fc.record({ body: fc.uint8Array({ maxLength: 50 }), trailers: fc.constant([]) })
    const cases = message
      .map((one) => Buffer.from(wire(chunked(), one), 'latin1'))
      .chain((bytes) => fc.tuple(fc.constant(bytes), chunkings(bytes)))
    fc.assert(
      fc.property(cases, ([bytes, cuts]) => {
        const one = read(chunked(), bytes).messages.map((whole) => Buffer.from(whole.body))
        const all = transcript(chunks().decoder(), cuts).messages
        expect(Buffer.concat(all.flatMap((chunk) => (chunk._tag === 'Data' ? [chunk.data] : [])))).toEqual(one[0])
      }),
      { numRuns: 1000 },
    )
  })
})
