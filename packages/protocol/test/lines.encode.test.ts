import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { LinesOptions } from '../src/index.ts'
import { NotEncodable, TooLong, WrongOption, byteQueue, lines } from '../src/index.ts'
import { anyLines } from './lineCases.ts'

/** What is written, or the error. */
const write = (options: LinesOptions, line: string | Uint8Array) => {
  const out = byteQueue()
  out.byte(0x3e)
  const result = anyLines(options).encode(line, out)
  const text = Buffer.from(out.take()).toString('latin1')
  return E.isLeft(result) ? { error: result.left, left: text } : text.slice(1)
}
const refusal = (what: string) => ({ error: { _tag: 'NotEncodable', what, fault: 'local' }, left: '>' })

describe('writing a line', () => {
  it('ends it as chosen', () => {
    expect(write({}, 'a')).toBe('a\n')
    expect(write({ ending: 'lf' }, 'a')).toBe('a\n')
    expect(write({ ending: 'crlf' }, 'a')).toBe('a\r\n')
    expect(write({ ending: 'strict' }, 'a')).toBe('a\r\n')
    expect(write({ encoding: 'bytes' }, Uint8Array.of(0xff))).toBe('\xff\n')
    expect(write({}, 'é')).toBe('\xc3\xa9\n')
    expect(write({ encoding: 'latin1' }, 'é')).toBe('\xe9\n')
  })

  it.each([
    [{}, 'a\nb', 'an LF inside the line'],
    [{}, 'a\r', 'a CR at the end of the line, which reading drops'],
    [{ ending: 'lf' }, 'a\nb', 'an LF inside the line'],
    [{ ending: 'crlf' }, 'a\r\nb', 'a CR LF inside the line'],
    [{ ending: 'strict' }, 'a\nb', 'a CR or LF inside the line'],
    [{ ending: 'strict' }, 'a\rb', 'a CR or LF inside the line'],
    [{}, 'a\ud83d', 'a lone surrogate, which UTF-8 has not'],
    [{ encoding: 'latin1' }, 'a€', 'a character that latin1 has not, at 1'],
    [{ encoding: 'ascii' }, 'aé', 'a character that ascii has not, at 1'],
    [{ encoding: 'bytes' }, Uint8Array.of(97, 10), 'an LF inside the line'],
    [{ encoding: 'bytes' }, Uint8Array.of(97, 13), 'a CR at the end of the line, which reading drops'],
    [{ encoding: 'bytes', ending: 'crlf' }, Uint8Array.of(13, 10), 'a CR LF inside the line'],
    [{ encoding: 'bytes', ending: 'strict' }, Uint8Array.of(13), 'a CR or LF inside the line'],
    [{ encoding: 'bytes' }, 'a', 'text, where bytes were expected'],
    [{}, Uint8Array.of(97), 'bytes, where text was expected'],
    [{ encoding: 'latin1' }, Uint8Array.of(97), 'bytes, where text was expected'],
    [{ encoding: 'ascii' }, Uint8Array.of(97), 'bytes, where text was expected'],
  ] as const)('with %o refuses %o: it would not be read back [R15]', (options, line, what) => {
    expect(write(options, line)).toMatchObject(refusal(what))
  })

  it.each([
    [{ ending: 'lf' }, 'a\rb\r'],
    [{ ending: 'either' }, '\ra\rb'],
    [{ ending: 'crlf' }, 'a\nb\r'],
    [{ ending: 'crlf' }, '\n\r'],
  ] as const)('with %o takes the odd CR or LF of %j, which is read back [R15]', (options, line) => {
    expect(typeof write(options, line)).toBe('string')
  })

  it('holds the limit, the ending counted, and says the whole size [R16]', () => {
    expect(write({ maxFrameBytes: 4 }, 'abc')).toBe('abc\n')
    expect(write({ ending: 'crlf', maxFrameBytes: 4 }, 'ab')).toBe('ab\r\n')
    const tooLong = (announced: number) => ({
      error: { _tag: 'TooLong', announced, limit: 4, fault: 'local' },
      left: '>',
    })
    expect(write({ maxFrameBytes: 4 }, 'abcd')).toMatchObject(tooLong(5))
    expect(write({ ending: 'crlf', maxFrameBytes: 4 }, 'abc')).toMatchObject(tooLong(5))
    expect(write({ maxFrameBytes: 4 }, 'éé')).toMatchObject(tooLong(5))
    expect(write({ maxFrameBytes: 4 }, 'ééééé')).toMatchObject(tooLong(11))
    expect(write({ encoding: 'bytes', maxFrameBytes: 4 }, new Uint8Array(9))).toMatchObject(tooLong(10))
    expect(write({ encoding: 'latin1', maxFrameBytes: 4 }, 'ééééé')).toMatchObject(tooLong(6))
  })

  it('says which protocol refused, and what [R27]', () => {
    const protocol = lines({ ending: 'crlf' })
    const result = protocol.encode('a\r\nb', byteQueue())
    expect(result).toEqual(
      E.left(new NotEncodable({ what: 'a CR LF inside the line', protocol: protocol.name, message: 'a\r\nb' })),
    )
    expect(E.isLeft(result) && result.left.message).toBe(
      "lines({ ending: 'crlf' }) cannot send this message: a CR LF inside the line",
    )
    expect(E.isLeft(lines({ maxFrameBytes: 2 }).encode('ab', byteQueue()))).toBe(true)
    expect(lines({ maxFrameBytes: 2 }).encode('ab', byteQueue())).toMatchObject({
      left: expect.any(TooLong) as TooLong,
    })
  })
})

describe('the options of lines()', () => {
  it('print as the expression that built it', () => {
    expect(lines().name).toBe('lines()')
    expect(lines({ ending: 'crlf', maxFrameBytes: 512 }).name).toBe("lines({ ending: 'crlf', maxFrameBytes: 512 })")
  })

  const wrong: ReadonlyArray<readonly [string, unknown, string]> = [
    ['ending', 'cr', "one of 'either', 'lf', 'crlf', 'strict'"],
    ['encoding', 'utf-8', "one of 'utf8', 'latin1', 'ascii', 'bytes'"],
    ['invalidText', 'drop', "one of 'fail', 'replace', 'skip', 'value'"],
    ['tooLong', 'replace', "one of 'fail', 'skip', 'value'"],
    ['unterminated', 'fail', "one of 'truncated', 'line'"],
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 53, '64', 64n].map(
      (given) => ['maxFrameBytes', given, 'a whole number of bytes from 1 on'] as const,
    ),
  ]
  it.each(wrong)('refuse %s %o at construction [R27]', (option, given, expected) => {
    const build = () => lines({ [option]: given })
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ _tag: 'WrongOption', option, given, expected }) as WrongOption)
  })

  it('leave room for the ending at least [R16]', () => {
    expect(() => lines({ maxFrameBytes: 1 })).not.toThrow()
    expect(() => lines({ ending: 'crlf', maxFrameBytes: 1 })).toThrow('a whole number of bytes from 2 on')
    expect(() => lines({ ending: 'strict', maxFrameBytes: 1 })).toThrow('a whole number of bytes from 2 on')
  })
})
