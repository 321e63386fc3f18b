import { cutAt, dripping, transcript } from '@sluice/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { LinesOptions } from '../src/index.ts'
import { byteQueue } from '../src/index.ts'
import { anyLines } from './lineCases.ts'

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** What comes of it in one chunk, which must be the same byte by byte. */
const read = (options: LinesOptions, bytes: Uint8Array) => {
  const whole = transcript(anyLines(options).decoder(), [bytes])
  expect(transcript(anyLines(options).decoder(), cutAt(bytes, dripping(bytes.length))).messages).toEqual(whole.messages)
  return whole
}

const error = (options: LinesOptions, bytes: Uint8Array) => {
  const { outcome } = read(options, bytes)
  return outcome._tag === 'Failed' ? outcome.error : null
}

describe('a line over the limit that is skipped', () => {
  it.each(['crlf', 'strict'] as const)('ends at its CR LF, also where the limit lies between the two: %s', (ending) => {
    for (const over of ['abc\r\n', 'abcd\r\n', 'abcde\r\n', 'abcdefghij\r\n', 'abcd\rx\r\n']) {
      if (ending === 'strict' && over.includes('x')) continue
      expect(read({ ending, tooLong: 'skip', maxFrameBytes: 4 }, latin1(`${over}ok\r\n`)).messages).toEqual(['ok'])
    }
  })

  it('leaves nothing unread but half an ending', () => {
    const left = (ending: LinesOptions['ending'], text: string) => {
      const decoder = anyLines({ ending, tooLong: 'skip', maxFrameBytes: 4 } as LinesOptions).decoder()
      decoder.push(latin1(text), () => true)
      return decoder.buffered
    }
    expect(left('crlf', 'abcdefgh')).toBe(0)
    expect(left('crlf', 'abcdefg\r')).toBe(1)
    expect(left('lf', 'abcdefg\r')).toBe(0)
    expect(left('either', 'abcdefg\r')).toBe(0)
  })

  it('is truncated where its end does not come, and says so', () => {
    for (const ending of ['lf', 'crlf'] as const) {
      const options = { ending, tooLong: 'skip', maxFrameBytes: 4 } as const
      expect(error(options, latin1('abcdefg\r'))).toMatchObject({ phase: 'line over the limit' })
    }
  })

  it('is a value with the first 64 bytes of it, and the fault of the peer', () => {
    const { messages } = read({ tooLong: 'value', maxFrameBytes: 100 }, latin1(`${'x'.repeat(150)}\nok\n`))
    expect(messages).toMatchObject([{ left: { fault: 'remote', limit: 100, seen: 100, offset: 0 } }, E.right('ok')])
    expect(messages).toMatchObject([{ left: { bytes: latin1('x'.repeat(64)) } }, {}])
  })
})

describe('invalid text', () => {
  it.each([
    ['utf8', 'a\xff', 1],
    ['utf8', '\x80', 0],
    ['utf8', '\xc3\xa9\xff', 2],
    ['utf8', '\xdf\xbf\xe0\xa0\x80\xff', 5],
    ['utf8', '\xef\xbf\xbd\xf0\x9f\x98\x80\xff', 7],
    ['utf8', '\xf0\x9f\x98\x80\xe2\x82', 4],
    ['ascii', 'ab\x7f\x80', 3],
  ] as const)('is found at its first byte: %s %j', (encoding, text, at) => {
    expect(error({ encoding }, latin1(`${text}\n`))).toMatchObject({ _tag: 'Malformed', at })
  })

  it('is shown with the 64 bytes up to it, as a value too', () => {
    const line = latin1(`${'x'.repeat(100)}\xff${'y'.repeat(50)}\n`)
    const shown = latin1(`${'x'.repeat(63)}\xff`)
    expect(error({}, line)).toMatchObject({ bytes: shown })
    expect(read({ invalidText: 'value' }, line).messages).toMatchObject([{ left: { bytes: shown } }])
  })
})

describe('what is left at the end', () => {
  const left = (options: LinesOptions, text: string) => read({ ...options, unterminated: 'line' }, latin1(text))

  it('is a last line', () => {
    for (const ending of ['either', 'lf', 'crlf', 'strict'] as const) {
      expect(left({ ending }, 'ab').messages).toEqual(['ab'])
      expect(left({ ending }, '')).toEqual({ messages: [], outcome: { _tag: 'Well' } })
    }
  })

  it('keeps its CR, which only strict endings refuse', () => {
    for (const ending of ['either', 'lf', 'crlf'] as const) expect(left({ ending }, 'ab\r').messages).toEqual(['ab\r'])
    expect(left({ ending: 'strict' }, 'ab\r').outcome).toMatchObject({ error: { what: 'a CR without LF', at: 2 } })
  })

  it('is nothing where it is no text and such lines are skipped', () => {
    expect(left({ invalidText: 'skip' }, '\xff')).toEqual({ messages: [], outcome: { _tag: 'Well' } })
  })
})

describe('encoding a line', () => {
  const sent = (options: LinesOptions, line: string | Uint8Array) => anyLines(options).encode(line, byteQueue())._tag

  it('refuses an ending inside it, and what is only half of one just where that is none', () => {
    for (const bytes of [false, true]) {
      const encoding = bytes ? 'bytes' : 'utf8'
      const as = (text: string) => (bytes ? latin1(text) : text)
      expect(sent({ ending: 'crlf', encoding }, as('a\r\nb'))).toBe('Left')
      expect(sent({ ending: 'crlf', encoding }, as('a\nb\rc'))).toBe('Right')
      expect(sent({ ending: 'lf', encoding }, as('a\nb'))).toBe('Left')
      expect(sent({ ending: 'lf', encoding }, as('a\rb'))).toBe('Right')
    }
  })

  it('takes the last character of an encoding, and not the one behind it', () => {
    expect(sent({ encoding: 'ascii' }, 'a\x7f')).toBe('Right')
    expect(sent({ encoding: 'ascii' }, 'a\x80')).toBe('Left')
    expect(sent({ encoding: 'latin1' }, 'a\xff')).toBe('Right')
    expect(sent({ encoding: 'latin1' }, 'a\u0100')).toBe('Left')
  })

  it('shows 64 bytes of a line that is too long', () => {
    const result = anyLines({ maxFrameBytes: 80 }).encode('x'.repeat(100), byteQueue())
    expect(result).toMatchObject({ left: { _tag: 'TooLong', announced: 101, bytes: Buffer.from('x'.repeat(64)) } })
  })
})
