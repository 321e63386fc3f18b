import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { CountedAfterLineOptions, CountedFrame } from '../src/index.ts'
import { WrongOption, byteQueue, countedAfterLine, wholeNumber } from '../src/index.ts'
import { read, utf8 } from './wire.ts'

const STORAGE = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas'])

/** Requests of memcached: `<command> <key> <flags> <exptime> <bytes>`, and commands without data. */
const requests = (line: string): number | null => {
  const [command = '', , , , bytes = ''] = line.split(' ')
  return STORAGE.has(command) ? wholeNumber(bytes) : null
}

/** Its answers: `VALUE <key> <flags> <bytes> [<cas unique>]`. */
const answers = (line: string): number | null =>
  line.startsWith('VALUE ') ? wholeNumber(line.split(' ')[3] ?? '') : null

const memcached = (options: Partial<CountedAfterLineOptions> = {}) => countedAfterLine({ count: requests, ...options })

const wire = (message: CountedFrame, options: Partial<CountedAfterLineOptions> = {}): string => {
  const out = byteQueue()
  const result = memcached(options).encode(message, out)
  return E.isLeft(result) ? `${result.left._tag}: ${result.left.message}` : Buffer.from(out.take()).toString('latin1')
}

const frame = (line: string, body: string | null = null): CountedFrame => ({
  line,
  body: body === null ? null : utf8(body),
})

describe('countedAfterLine()', () => {
  it('reads the commands of memcached, data with line endings in it included [R15]', () => {
    // memcached doc/protocol.txt: "Storage commands", "Retrieval command"
    const text = 'set key 0 0 5\r\nhello\r\nget key\r\nadd k 1 2 6 noreply\r\na\r\nb\r\n\r\nset e 0 0 0\r\n\r\n'
    const messages = [
      frame('set key 0 0 5', 'hello'),
      frame('get key'),
      frame('add k 1 2 6 noreply', 'a\r\nb\r\n'),
      frame('set e 0 0 0', ''),
    ]
    expect(read(memcached(), utf8(text))).toEqual({ messages, error: null })
    expect(messages.map((one) => wire(one)).join('')).toBe(text)
  })

  it('reads its answers [R15]', () => {
    const text = 'VALUE key 0 5\r\nhello\r\nVALUE k 1 2 77\r\nok\r\nEND\r\n'
    const messages = [frame('VALUE key 0 5', 'hello'), frame('VALUE k 1 2 77', 'ok'), frame('END')]
    expect(read(memcached({ count: answers }), utf8(text))).toEqual({ messages, error: null })
  })

  it('reads BDAT of SMTP, whose data has no terminator [R15]', () => {
    // RFC 3030 section 4.2, shortened: chunks follow their command at once
    const text = 'BDAT 11\r\nTo: Susan\r\nBDAT 3 LAST\r\nhi\nQUIT\r\n'
    const bdat = (line: string) => (line.startsWith('BDAT ') ? wholeNumber(line.split(' ')[1] ?? '') : null)
    const options = { count: bdat, terminator: '' }
    const messages = [frame('BDAT 11', 'To: Susan\r\n'), frame('BDAT 3 LAST', 'hi\n'), frame('QUIT')]
    expect(read(memcached(options), utf8(text))).toEqual({ messages, error: null })
    expect(messages.map((one) => wire(one, options)).join('')).toBe(text)
  })

  it.each([
    ['a count that is none', 'set k 0 0 x\r\n', 'a line that announces no whole number of bytes', 12],
    ['a missing count', 'set k\r\n', 'a line that announces no whole number of bytes', 6],
    ['a negative count', 'set k 0 0 -1\r\n', 'a line that announces no whole number of bytes', 13],
    ['a body longer than announced', 'set k 0 0 2\r\nabc\r\n', 'a body without its terminator', 15],
    ['half a terminator', 'set k 0 0 2\r\nab\ra', 'a body without its terminator', 16],
    ['a bare LF', 'get k\nset', 'an LF without CR', 5],
    ['a bare CR', 'get k\rset k\r\n', 'a CR without LF', 5],
    ['text that is none', 'get \xff\r\n', 'a line that is no UTF-8', 4],
  ])('refuses %s [R19]', (_, text, what, at) => {
    const { messages, error } = read(memcached(), Buffer.from(text, 'latin1'))
    expect({ messages, error }).toMatchObject({ messages: [], error: { _tag: 'Malformed', what, at } })
  })

  it.each([-1, 0.5, Infinity, 2 ** 53, NaN])('refuses a line whose count is %s [R19]', (count) => {
    const { messages, error } = read(memcached({ count: () => count }), utf8('a\r\nbc\r\n'))
    const what = 'a line that announces no whole number of bytes'
    expect({ messages, error }).toMatchObject({ messages: [], error: { _tag: 'Malformed', what, at: 2 } })
  })

  it('takes lines as the options say [R15]', () => {
    const lf = { ending: 'lf', terminator: '.' } as const
    expect(read(memcached(lf), utf8('set k 0 0 2\nhi.get\r\n')).messages).toEqual([
      frame('set k 0 0 2', 'hi'),
      frame('get\r'),
    ])
    expect(read(memcached({ ending: 'crlf' }), utf8('a\nb\rc\r\n')).messages).toEqual([frame('a\nb\rc')])
    expect(read(memcached({ encoding: 'latin1' }), Buffer.from('\xff\r\n', 'latin1')).messages).toEqual([frame('ÿ')])
    // a terminator is in Latin-1, as a line may be
    const latin1 = { encoding: 'latin1', terminator: 'ÿ' } as const
    expect(wire(frame('set é 0 0 1', 'a'), latin1)).toBe('set é 0 0 1\r\naÿ')
    expect(read(memcached({ ending: 'lf', maxFrameBytes: 1 }), utf8('\n\n')).messages).toEqual([frame(''), frame('')])
  })

  it('refuses a body over the limit at its line, before it comes [R16]', () => {
    const limit = (count: string) => read(memcached({ maxFrameBytes: 30 }), utf8(`set k 0 0 ${count}\r\n`)).error
    expect(limit('14')).toMatchObject({ _tag: 'Truncated', phase: 'body', expected: 30 })
    expect(limit('15')).toMatchObject({ _tag: 'TooLong', announced: 31, limit: 30 })
    expect(limit('99999999999999999999')).toMatchObject({ _tag: 'TooLong' })
    expect(wire(frame('set k 0 0 14', 'x'.repeat(14)), { maxFrameBytes: 30 })).toHaveLength(30)
    expect(wire(frame('set k 0 0 15', 'x'.repeat(15)), { maxFrameBytes: 30 })).toMatch(/^TooLong: .* of 31 bytes/)
    const written = memcached({ maxFrameBytes: 30 }).encode(frame('set k 0 0 15', 'x'.repeat(15)), byteQueue())
    expect(written).toMatchObject({ left: { bytes: utf8('x'.repeat(15)), fault: 'local' } })
  })

  it('takes a line of its limit, and not one byte more, both ways [R16]', () => {
    const options = { maxLineBytes: 8 }
    expect(wire(frame('abcdef'), options)).toHaveLength(8)
    expect(wire(frame('abcdefg'), options)).toMatch(/^TooLong/)
    expect(read(memcached(options), utf8('abcdef\r\n')).messages).toHaveLength(1)
    for (const cut of ['abcdefg\r', 'abcdefg\r\n', 'abcdefgh']) {
      expect(read(memcached(options), utf8(cut)).error).toMatchObject({ _tag: 'TooLong', limit: 8, seen: 8 })
    }
    expect(read(memcached(options), utf8('abcdefg')).error).toMatchObject({ _tag: 'Truncated', phase: 'line' })
  })

  it.each<[CountedFrame, RegExp]>([
    [frame('set k 0 0 2', 'abc'), /announces 2 bytes, where there are 3 bytes/],
    [frame('set k 0 0 2'), /announces 2 bytes, where there is none/],
    [frame('get k', 'abc'), /a body that the line does not announce/],
    [frame('set k 0 0 x', 'abc'), /announces NaN bytes/],
    [frame('a\r\nb'), /CR or LF inside the line/],
    [{ line: 'set k 0 0 1', body: 'a' as unknown as Uint8Array }, /no Uint8Array/],
  ])('does not send %o [R15]', (message, what) => {
    expect(wire(message)).toMatch(/^NotEncodable/)
    expect(wire(message)).toMatch(what)
  })

  it.each([
    ['ending', { ending: 'cr' as 'lf' }, "one of 'strict', 'crlf', 'lf'"],
    ['encoding', { encoding: 'utf-8' as 'utf8' }, "one of 'utf8', 'latin1'"],
    ['terminator', { terminator: '€' }, 'text in Latin-1'],
    ['maxFrameBytes', { maxFrameBytes: 1 }, 'a whole number of bytes from 2 on'],
    ['maxFrameBytes', { ending: 'lf', maxFrameBytes: 0 }, 'a whole number of bytes from 1 on'],
    ['maxLineBytes', { maxLineBytes: 1 }, 'a whole number from 2 to 1048576'],
    ['maxLineBytes', { maxLineBytes: 2.5 }, 'a whole number from 2 to 1048576'],
    ['maxLineBytes', { maxLineBytes: 100, maxFrameBytes: 99 }, 'a whole number from 2 to 99'],
  ] as const)('refuses a wrong %s in %o [R16]', (option, options, expected) => {
    const build = () => memcached(options)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
    expect(build).toThrow(/^countedAfterLine\(\{ count: /)
  })
})

describe('wholeNumber()', () => {
  it('reads digits and nothing but digits [R16]', () => {
    expect(['0', '007', '42', '9007199254740991'].map(wholeNumber)).toEqual([0, 7, 42, Number.MAX_SAFE_INTEGER])
    expect(wholeNumber('9'.repeat(400))).toBe(Number.MAX_SAFE_INTEGER)
    for (const text of ['', ' 1', '1 ', '-1', '+1', '1.0', '1e3', '0x1', '12abc', '١', 'NaN']) {
      expect(wholeNumber(text)).toBeNaN()
    }
  })
})
