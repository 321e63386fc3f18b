import { chunkings, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Message } from 'vscode-jsonrpc/node'
import { StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node'
import type { HeaderFrame } from '../src/index.ts'
import { WrongOption, byteQueue, headerFramed } from '../src/index.ts'
import { read, utf8 } from './wire.ts'

const block = (...lines: ReadonlyArray<string>): Uint8Array => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')

const readOne = (bytes: Uint8Array, options = {}) => read(headerFramed(options), bytes)

const wire = (message: HeaderFrame, options = {}): string => {
  const out = byteQueue()
  const result = headerFramed(options).encode(message, out)
  return E.isLeft(result) ? `${result.left._tag}: ${result.left.message}` : Buffer.from(out.take()).toString('latin1')
}

describe('headerFramed()', () => {
  it('reads and writes the example of the LSP base protocol [R15]', () => {
    // LSP 3.17, "Base Protocol", "Content Part": the request textDocument/completion, its blanks as given here
    const json = '{"jsonrpc":"2.0","id":1,"method":"textDocument/completion","params":{}}'
    const bytes = `Content-Length: ${String(json.length)}\r\n\r\n${json}`
    expect(wire({ headers: [], body: utf8(json) })).toBe(bytes)
    expect(readOne(utf8(bytes))).toEqual({ messages: [{ headers: [], body: utf8(json) }], error: null })
  })

  it('keeps the other fields in their order, with their names as written, and drops the blanks around values [R15]', () => {
    const head = block(
      'Content-Type:application/vscode-jsonrpc; charset=utf-8',
      'CONTENT-LENGTH: \t002 ',
      'X-A:',
      'x-a:  ÿ ',
    )
    expect(readOne(Buffer.concat([head, utf8('{}')])).messages).toEqual([
      {
        headers: [
          ['Content-Type', 'application/vscode-jsonrpc; charset=utf-8'],
          ['X-A', ''],
          ['x-a', 'ÿ'],
        ],
        body: utf8('{}'),
      },
    ])
  })

  it.each([
    ['without a length', block('X: 1'), 'a header block without Content-Length'],
    ['without a field', utf8('\r\n'), 'a header block without Content-Length'],
    ['with two lengths', block('Content-Length: 2', 'content-length: 2'), 'several Content-Length fields'],
    ['with two lengths that differ', block('Content-Length: 2', 'Content-Length: 3'), 'several Content-Length fields'],
    ['with a list of lengths', block('Content-Length: 2, 2'), 'no whole number'],
    ['with a negative length', block('Content-Length: -1'), 'no whole number'],
    ['with a sign', block('Content-Length: +1'), 'no whole number'],
    ['with an exponent', block('Content-Length: 1e3'), 'no whole number'],
    ['with hexadecimal digits', block('Content-Length: 0x10'), 'no whole number'],
    ['with an empty length', block('Content-Length:'), 'no whole number'],
    ['with digits that are no ASCII', Buffer.from('Content-Length: ٣\r\n\r\n'), 'no whole number'],
    ['with a blank before the colon', block('Content-Length : 2'), 'a header name that is no token'],
    ['with a folded value', block('X: a', ' b', 'Content-Length: 1'), 'a header line without a colon'],
    ['with a folded value that has a colon', block('X: a', ' b: c'), 'a header name that is no token'],
    ['with a NUL in a value', block('X: a\0', 'Content-Length: 1'), 'a control character'],
    ['with a bare CR', block('X: a\rContent-Length: 9', 'Content-Length: 1'), 'a control character'],
    ['with a bare LF', utf8('Content-Length: 1\n\r\n'), 'an LF without CR'],
    ['with a bare LF at first', utf8('\nContent-Length: 1\r\n\r\n'), 'an LF without CR'],
  ])('refuses a block %s [R19]', (_, bytes, what) => {
    const { messages, error } = readOne(Buffer.concat([bytes, utf8('abc')]))
    expect(messages).toEqual([])
    expect(error).toMatchObject({ _tag: 'Malformed', offset: 0, fault: 'remote' })
    expect(String(error)).toContain(what)
  })

  it('says where in the stream a wrong line begins [R19]', () => {
    const good = Buffer.concat([block('Content-Length: 1'), utf8('a')])
    const { error } = readOne(Buffer.concat([good, block('Content-Length: 1', 'oh no')]))
    expect(error).toMatchObject({ what: 'a header line without a colon', offset: good.length, at: good.length + 19 })
    // of a block without a good length that is its last byte
    for (const lines of [['X: 1'], ['Content-Length: 1', 'Content-Length: 1'], ['Content-Length: x']]) {
      const wrong = block(...lines)
      expect(readOne(Buffer.concat([wrong, utf8('abc')])).error).toMatchObject({ offset: 0, at: wrong.length - 1 })
    }
  })

  it('refuses a body over the limit at its length, whatever the digits [R16]', () => {
    for (const digits of ['1048557', '9007199254740993', '9'.repeat(400)]) {
      const { error } = readOne(block(`Content-Length: ${digits}`))
      expect(error).toMatchObject({ _tag: 'TooLong', limit: 1_048_576 })
    }
    // a header block of 27 bytes and a body fill the limit; one more does not
    expect(readOne(block('Content-Length: 1048549')).error).toMatchObject({
      _tag: 'Truncated',
      phase: 'body',
      expected: 1_048_576,
    })
    expect(readOne(block('Content-Length: 1048550')).error).toMatchObject({ announced: 1_048_577 })
  })

  it('takes a header block of its limit, and not one byte more, both ways [R16]', () => {
    const options = { maxHeaderBytes: 40 }
    const frame = (bytes: number) => ({ headers: [['X', 'x'.repeat(bytes - 26)] as const], body: utf8('') })
    expect(wire(frame(40), options)).toHaveLength(40)
    expect(readOne(utf8(wire(frame(40), options)), options).messages).toHaveLength(1)
    expect(wire(frame(41), options)).toMatch(/^TooLong: .* of 41 bytes is over the limit of 40/)
    const over = utf8(wire(frame(41)))
    expect(readOne(over, options).error).toMatchObject({ _tag: 'TooLong', limit: 40, seen: 40 })
    expect(readOne(over.subarray(0, 40), options).error).toMatchObject({ _tag: 'TooLong', limit: 40 })
    expect(readOne(over.subarray(0, 39), options).error).toMatchObject({ _tag: 'Truncated', phase: 'header block' })
  })

  it.each<[string, HeaderFrame, RegExp]>([
    ['a name that is no token', { headers: [['a b', '']], body: utf8('') }, /no token/],
    ['an empty name', { headers: [['', '']], body: utf8('') }, /no token/],
    ['a line ending in a value', { headers: [['a', 'b\r\nc: d']], body: utf8('') }, /control character/],
    ['a value beyond Latin-1', { headers: [['a', '€']], body: utf8('') }, /control character/],
    ['blanks around a value', { headers: [['a', 'b ']], body: utf8('') }, /blanks/],
    ['a length', { headers: [['content-length', '0']], body: utf8('') }, /body alone/],
    ['text', { headers: [], body: 'text' as unknown as Uint8Array }, /a value that is no Uint8Array/],
  ])('does not send %s, which would not be read back [R15]', (_, message, what) => {
    expect(wire(message)).toMatch(/^NotEncodable: headerFramed\(\) cannot send this message: /)
    expect(wire(message)).toMatch(what)
  })

  it.each([
    ['lengthHeader', { lengthHeader: '' }, 'a token (RFC 9110 section 5.1)'],
    ['lengthHeader', { lengthHeader: 'a b' }, 'a token (RFC 9110 section 5.1)'],
    ['lengthHeader', { lengthHeader: 'a:' }, 'a token (RFC 9110 section 5.1)'],
    ['maxFrameBytes', { maxFrameBytes: 20 }, 'a whole number of bytes from 21 on'],
    ['maxFrameBytes', { maxFrameBytes: NaN }, 'a whole number of bytes from 21 on'],
    ['maxHeaderBytes', { maxHeaderBytes: 20 }, 'a whole number from 21 to 1048576'],
    ['maxHeaderBytes', { maxHeaderBytes: 1.5 }, 'a whole number from 21 to 1048576'],
    ['maxHeaderBytes', { maxHeaderBytes: 200, maxFrameBytes: 100 }, 'a whole number from 21 to 100'],
  ])('refuses a wrong %s in %o [R16]', (option, options, expected) => {
    const build = () => headerFramed(options)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
  })

  it('takes the least limit there is, that of a block with a length and nothing else [R16]', () => {
    expect(wire({ headers: [], body: utf8('') }, { maxFrameBytes: 21 })).toBe('Content-Length: 0\r\n\r\n')
  })

  // looked at again for every blank it would take minutes, which the time limit of every test refuses
  it('trims a long run of blanks in one go [R18]', () => {
    const value = `a${' '.repeat(1_000_000)}b`
    const bytes = Buffer.concat([block(`X: ${value}`, 'Content-Length: 0')])
    const { messages } = readOne(bytes, { maxHeaderBytes: 1_040_000 })
    expect(messages).toMatchObject([{ headers: [['X', value]] }])
  })
})

describe('headerFramed() and vscode-jsonrpc', () => {
  const json = fc.record({ jsonrpc: fc.constant('2.0'), id: fc.nat(), method: fc.string({ unit: 'grapheme' }) })

  it('reads what that writes [R15]', async () => {
    const messages = fc.sample(json, 200)
    const stream = new PassThrough()
    const writer = new StreamMessageWriter(stream)
    // read all the while: a stream that is full would never take the next message
    const written: Buffer[] = []
    stream.on('data', (chunk: Buffer) => written.push(chunk))
    for (const message of messages) await writer.write(message)
    const bytes = Buffer.concat(written)
    fc.assert(
      fc.property(chunkings(bytes), (chunks) => {
        const got = transcript(headerFramed().decoder(), chunks)
        expect(got.outcome).toEqual({ _tag: 'Well' })
        expect(got.messages.map(({ body }) => JSON.parse(Buffer.from(body).toString()) as unknown)).toEqual(messages)
      }),
      { numRuns: 20 },
    )
  })

  it('writes what that reads [R15]', async () => {
    const messages = fc.sample(json, 200)
    const out = byteQueue()
    for (const message of messages) {
      const headers = [['Content-Type', 'application/vscode-jsonrpc; charset=utf-8']] as const
      headerFramed().encode({ headers, body: Buffer.from(JSON.stringify(message)) }, out)
    }
    const [chunks = []] = fc.sample(chunkings(out.take()), 1)
    const stream = new PassThrough()
    const seen: Message[] = []
    const all = new Promise<void>((resolve) => {
      new StreamMessageReader(stream).listen((message) => {
        seen.push(message)
        if (seen.length === messages.length) resolve()
      })
    })
    for (const chunk of chunks) stream.write(chunk)
    await all
    expect(seen).toEqual(messages)
  })
})
