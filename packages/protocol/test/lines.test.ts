import { drip, everyTwoWaySplit, transcript } from '@sluice/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { LinesOptions } from '../src/index.ts'
import { DEFAULT_MAX_LINE_BYTES, Malformed, TooLong, Truncated, lines } from '../src/index.ts'
import { ENDINGS, anyLines } from './lineCases.ts'

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** All that `lines(options)` makes of those bytes. */
const read = (options: LinesOptions, ...chunks: ReadonlyArray<Uint8Array>) => {
  const { messages, outcome } = transcript(anyLines(options).decoder(), chunks)
  return { messages, error: outcome._tag === 'Failed' ? outcome.error : outcome._tag === 'Well' ? null : outcome.what }
}

describe('line endings', () => {
  const table = [
    ['either', 'a\nb\r\nc\rd\n\r\n', ['a', 'b', 'c\rd', '']],
    ['lf', 'a\nb\r\nc\rd\n\r\n', ['a', 'b\r', 'c\rd', '\r']],
    ['crlf', 'a\nb\r\nc\rd\r\r\n\r\n', ['a\nb', 'c\rd\r', '']],
    ['strict', 'a\r\nbc\r\n\r\n', ['a', 'bc', '']],
  ] as const

  it.each(table)('of %s are read as documented [R15]', (ending, text, expected) => {
    expect(read({ ending }, utf8(text))).toEqual({ messages: expected, error: null })
    expect(read({ ending }, ...drip(utf8(text)))).toEqual({ messages: expected, error: null })
  })

  it('halved by a chunk border are found [R4]', () => {
    for (const ending of ENDINGS) {
      for (const halves of everyTwoWaySplit(utf8('ann\r\nbob\r\n'))) {
        const expected = ending === 'lf' ? ['ann\r', 'bob\r'] : ['ann', 'bob']
        expect(read({ ending }, ...halves)).toEqual({ messages: expected, error: null })
      }
    }
  })

  it('that are bare break a strict stream, at the offending byte [R19]', () => {
    const lf = read({ ending: 'strict' }, utf8('a\r\nbc\nd'))
    expect(lf.messages).toEqual(['a'])
    expect(lf.error).toMatchObject({ _tag: 'Malformed', what: 'an LF without CR', at: 5, offset: 3, fault: 'remote' })
    const cr = read({ ending: 'strict' }, utf8('a\r\nbc\rd'))
    expect(cr.error).toMatchObject({ _tag: 'Malformed', what: 'a CR without LF', at: 5, offset: 3 })
    const last = read({ ending: 'strict', unterminated: 'line' }, utf8('ab\r'))
    expect(last.error).toMatchObject({ _tag: 'Malformed', what: 'a CR without LF', at: 2 })
  })
})

describe('text', () => {
  it('keeps a character cut in two whole, wherever it is cut [R5]', () => {
    for (const text of ['é', '€', '😀', '\ufeffx', 'aé€😀z']) {
      for (const halves of everyTwoWaySplit(utf8(`${text}\n${text}\n`))) {
        expect(read({}, ...halves)).toEqual({ messages: [text, text], error: null })
      }
      expect(read({}, ...drip(utf8(`${text}\n`)))).toEqual({ messages: [text], error: null })
    }
  })

  it('that is no UTF-8 breaks the stream at its first wrong byte [R5]', () => {
    const wrong = [
      ['80', 0],
      ['61c3', 1],
      ['61c328', 1],
      ['e282', 0],
      ['c3a9e28261', 2],
      ['eda080', 0],
      ['c080', 0],
      ['f4908080', 0],
      ['ff', 0],
    ] as const
    for (const [hex, at] of wrong) {
      const { messages, error } = read({}, utf8('ok\n'), Buffer.from(`${hex}0a`, 'hex'))
      expect(messages).toEqual(['ok'])
      expect(error).toBeInstanceOf(Malformed)
      expect(error).toMatchObject({ what: 'a line that is no UTF-8', at: 3 + at, offset: 3 })
    }
  })

  it('that is invalid is replaced, dropped or a value, as chosen [R19]', () => {
    const bytes = latin1('a\nb\xff\nc\n')
    expect(read({ invalidText: 'replace' }, bytes)).toEqual({ messages: ['a', 'b\ufffd', 'c'], error: null })
    expect(read({ invalidText: 'skip' }, bytes)).toEqual({ messages: ['a', 'c'], error: null })
    const values = read({ invalidText: 'value' }, bytes)
    expect(values.messages).toEqual([
      E.right('a'),
      E.left(new Malformed({ what: 'a line that is no UTF-8', at: 3, bytes: Uint8Array.of(0x62, 0xff), offset: 2 })),
      E.right('c'),
    ])
  })

  it('in Latin-1, in ASCII and as bytes is what the encoding says [R5]', () => {
    const bytes = latin1('\xe9\n')
    expect(read({ encoding: 'latin1' }, bytes).messages).toEqual(['é'])
    expect(read({ encoding: 'ascii', invalidText: 'replace' }, bytes).messages).toEqual(['\ufffd'])
    expect(read({ encoding: 'ascii' }, bytes).error).toMatchObject({ what: 'a line that is no ASCII', at: 0 })
    expect(read({ encoding: 'bytes' }, bytes).messages).toEqual([Uint8Array.of(0xe9)])
  })

  it('as bytes is a view of the chunk, not a copy [R20]', () => {
    const chunk = Uint8Array.from(utf8('ann\nbob\n'))
    const seen: Uint8Array[] = []
    lines({ encoding: 'bytes' })
      .decoder()
      .push(chunk, (line) => seen.push(line) > 0)
    expect(seen.map((line) => [line.buffer === chunk.buffer, line.byteOffset])).toEqual([
      [true, 0],
      [true, 4],
    ])
  })
})

describe('limits', () => {
  it('are found as soon as no ending fits any more, the ending counted [R16]', () => {
    for (const [ending, fits] of [
      ['either', 'abc\n'],
      ['crlf', 'ab\r\n'],
      ['strict', 'ab\r\n'],
    ] as const) {
      expect(read({ ending, maxFrameBytes: 4 }, utf8(fits)).error).toBeNull()
      const { error } = read({ ending, maxFrameBytes: 4 }, utf8('ok\r\n'), utf8('abcd'))
      expect(error).toBeInstanceOf(TooLong)
      expect(error).toMatchObject({ limit: 4, seen: 4, announced: undefined, offset: 4, fault: 'remote' })
      expect(error).toMatchObject({ bytes: Uint8Array.from(utf8('abcd')) })
    }
  })

  it('skip a line up to its ending, however it is cut, and go on [R19]', () => {
    for (const ending of ENDINGS) {
      const options = { ending, tooLong: 'skip', maxFrameBytes: 5 } as const
      const expected = ending === 'lf' ? ['a\r', 'b\r'] : ['a', 'b']
      for (const long of ['1234', '12345', '1234\r', '12345678\r', '1234\r\r\r']) {
        const bytes = utf8(`a\r\n${long}\r\nb\r\n`)
        for (const halves of everyTwoWaySplit(bytes)) {
          expect(read(options, ...halves)).toEqual({ messages: expected, error: null })
        }
        expect(read(options, ...drip(bytes))).toEqual({ messages: expected, error: null })
      }
    }
  })

  it('make a value of a line that is too long, and go on [R19]', () => {
    const { messages, error } = read({ tooLong: 'value', maxFrameBytes: 3 }, utf8('a\n1234567\nb\n'))
    expect(error).toBeNull()
    expect(messages[0]).toEqual(E.right('a'))
    expect(messages[1]).toMatchObject({ left: { _tag: 'TooLong', limit: 3, seen: 3, offset: 2 } })
    expect(messages.slice(2)).toEqual([E.right('b')])
  })

  it('are 64 KiB unless chosen [R16]', () => {
    expect(DEFAULT_MAX_LINE_BYTES).toBe(65_536)
    const longest = 'x'.repeat(65_535)
    expect(read({}, utf8(`${longest}\n`))).toEqual({ messages: [longest], error: null })
    expect(read({}, utf8(`${longest}x\n`)).error).toMatchObject({ _tag: 'TooLong', limit: 65_536 })
  })

  it('survive a chunk of a million endings, and one without any [R18]', () => {
    const count = 1024 * 1024
    expect(read({}, new Uint8Array(count).fill(10)).messages).toHaveLength(count)
    expect(read({}, new Uint8Array(count).fill(97)).error).toMatchObject({ _tag: 'TooLong' })
    expect(read({ tooLong: 'skip', maxFrameBytes: 2 }, new Uint8Array(count).fill(97)).messages).toEqual([])
  })
})

describe('the end of the stream', () => {
  it('inside a line is Truncated, with what came [R13]', () => {
    const { messages, error } = read({}, utf8('ann\nbo'))
    expect(messages).toEqual(['ann'])
    expect(error).toBeInstanceOf(Truncated)
    expect(error).toMatchObject({
      phase: 'line',
      got: 2,
      expected: undefined,
      offset: 4,
      bytes: Uint8Array.of(98, 111),
    })
  })

  it('ends the last line where that is chosen', () => {
    expect(read({ unterminated: 'line' }, utf8('ann\nbo'))).toEqual({ messages: ['ann', 'bo'], error: null })
    expect(read({ unterminated: 'line' }, utf8('ann\n'))).toEqual({ messages: ['ann'], error: null })
    const invalid = read({ unterminated: 'line' }, latin1('\xff'))
    expect(invalid.error).toMatchObject({ _tag: 'Malformed', at: 0 })
    expect(read({ unterminated: 'line', invalidText: 'skip' }, latin1('\xff'))).toEqual({ messages: [], error: null })
  })

  it('inside a line that is being skipped is Truncated too, and nothing where the last line may be open [R13]', () => {
    const skipping = { tooLong: 'skip', maxFrameBytes: 2 } as const
    expect(read(skipping, utf8('abc')).error).toMatchObject({ _tag: 'Truncated', phase: 'line over the limit' })
    expect(read({ ...skipping, unterminated: 'line' }, utf8('abc'))).toEqual({ messages: [], error: null })
  })

  it('comes once: another call says the same and emits nothing [R17]', () => {
    const decoder = lines({ unterminated: 'line' }).decoder()
    const seen: string[] = []
    const emit = (line: string) => seen.push(line) > 0
    decoder.push(utf8('ann'), emit)
    expect([decoder.end(emit), decoder.end(emit)]).toEqual([E.right(undefined), E.right(undefined)])
    expect(seen).toEqual(['ann'])
  })
})

describe('a protocol switch', () => {
  it('in the middle of a line that is being skipped leaves the decoder at a border [R4]', () => {
    for (const ending of ENDINGS) {
      const decoder = anyLines({ ending, tooLong: 'skip', maxFrameBytes: 8 }).decoder()
      const seen: unknown[] = []
      const emit = (line: unknown) => seen.push(line) > 0
      decoder.push(utf8('123456789'), emit)
      decoder.unread()
      decoder.push(utf8('ann\r\n'), emit)
      expect(seen).toEqual([ending === 'lf' ? 'ann\r' : 'ann'])
    }
  })

  it('may take the unread bytes from inside emit, where that answers false [R4]', () => {
    for (const first of ['', 'STAR', 'STARTTLS']) {
      const whole = utf8('STARTTLS\r\n\x16\x03\nrest')
      const decoder = lines().decoder()
      let unread: Uint8Array = new Uint8Array(0)
      const seen: string[] = []
      const emit = (line: string) => {
        seen.push(line)
        unread = decoder.unread()
        return false
      }
      decoder.push(whole.subarray(0, first.length), emit)
      decoder.push(whole.subarray(first.length), emit)
      expect(seen).toEqual(['STARTTLS'])
      expect(Buffer.from(unread).toString('latin1')).toBe('\x16\x03\nrest')
      expect(decoder.end(() => true)).toEqual(E.right(undefined))
    }
  })
})
