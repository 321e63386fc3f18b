import { drip, everyTwoWaySplit } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import type { DelimitedOptions, Delimiter } from '../src/index.ts'
import { DELIMITED_DEFAULTS, WrongOption, delimited } from '../src/index.ts'
import { frames, hex, read, utf8, write } from './wire.ts'

type Delimiters = Delimiter | ReadonlyArray<Delimiter>

const DOTS: DelimitedOptions = { escape: 'dot-stuffing' }

/** What is read of text, as text, for every cut of it. */
const readText = (delimiters: Delimiters, options: DelimitedOptions, text: string) => {
  const bytes = Uint8Array.from(Buffer.from(text, 'latin1'))
  const all = [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)].map((chunks) => {
    const { messages, error } = read(delimited(delimiters, options), ...chunks)
    const known = typeof error === 'object' && error !== null ? { ...error, bytes: null } : error
    return { messages: messages.map((one) => Buffer.from(one).toString('latin1')), error: known }
  })
  for (const one of all) expect(one).toEqual(all[0])
  return all[0]
}

const wrote = (delimiters: Delimiters, options: DelimitedOptions, text: string) => {
  const result = write(delimited(delimiters, options), Uint8Array.from(Buffer.from(text, 'latin1')))
  return result instanceof Uint8Array ? Buffer.from(result).toString('latin1') : result
}

describe('delimited()', () => {
  const table: ReadonlyArray<readonly [Delimiters, DelimitedOptions, string, readonly string[]]> = [
    [';', {}, 'a;bc;;', ['a', 'bc', '']],
    [';', { keep: true }, 'a;bc;;', ['a;', 'bc;', ';']],
    [Uint8Array.of(0), {}, 'a\0b\0', ['a', 'b']],
    ['\r\n', {}, 'a\r\n\n\r\r\n\r\n', ['a', '\n\r', '']],
    ['aba', {}, 'xababaaba', ['x', 'ba']],
    // the earliest end wins; of two that end there, the longer one
    [['\n', '\r\n'], {}, 'a\r\nb\nc\r\r\n', ['a', 'b', 'c\r']],
    [['\r\n', '\n'], { keep: true }, 'a\r\nb\n', ['a\r\n', 'b\n']],
    [['ab', 'xb'], {}, '1ab2xb3b4xab', ['1', '2', '3b4x']],
    ['\u20ac', {}, '\xe2\x82\xac1\xe2\x82\xe2\x82\xac', ['', '1\xe2\x82']],
  ]
  it.each(table)('with %j and %o reads %j, however it is cut [R15]', (delimiters, options, text, expected) => {
    expect(readText(delimiters, options, text)).toEqual({ messages: expected, error: null })
  })

  it('writes the first delimiter, or the one that is kept [R15]', () => {
    expect(wrote(['\r\n', '\n'], {}, 'a')).toBe('a\r\n')
    expect(wrote(['\n', '\r\n'], {}, 'a')).toBe('a\n')
    expect(wrote(['\r\n', '\n'], { keep: true }, 'a\n')).toBe('a\n')
    expect(wrote(['\n', '\r\n'], { keep: true }, 'a\r\n')).toBe('a\r\n')
    expect(wrote([';', ','], { keep: true, escape: 'backslash' }, 'a;b,')).toBe('a\\;b,')
  })

  it.each([
    [';', {}, 'a;b', 'a delimiter inside the frame'],
    [['\n', '\r\n'], {}, 'a\r', 'its end and the delimiter read as another delimiter'],
    ['aba', {}, 'xab', 'its end and the delimiter read as another delimiter'],
    ['aa', {}, 'a', 'its end and the delimiter read as another delimiter'],
    [['\r\n', '\n'], {}, 'a\nb', 'a delimiter inside the frame'],
    [';', { keep: true }, 'a', 'it does not end with a delimiter'],
    [';', { keep: true }, '', 'it does not end with a delimiter'],
    [';', { keep: true }, 'a;b;', 'a delimiter inside the frame'],
    ['.\r\n', DOTS, 'a', 'a last line without CR LF'],
    ['.\r\n', DOTS, 'a\r', 'a CR without LF'],
    ['.\r\n', DOTS, 'a\n', 'an LF without CR'],
    ['.\r\n', DOTS, 'a\nb\r\n', 'an LF without CR'],
    ['.\r\n', DOTS, '\n.\r\n', 'an LF without CR'],
  ] as const)('with %j and %o refuses %j: it would not be read back [R15]', (delimiters, options, text, what) => {
    expect(wrote(delimiters, options, text)).toMatchObject({ _tag: 'NotEncodable', what, fault: 'local' })
  })

  it('gives a view of a frame without escapes, and a copy of any other [R20]', () => {
    const chunk = utf8('ab;c\\;d;')
    for (const keep of [true, false]) {
      const seen = frames(delimited(';', { keep, escape: 'backslash' }), chunk)
      expect(seen.map(({ buffer }) => buffer === chunk.buffer)).toEqual([true, false])
    }
    expect(frames(delimited(';'), chunk)[0]?.buffer).toBe(chunk.buffer)
  })

  it('searches a frame once, and not again for a delimiter that never comes [R18]', () => {
    // by bytes looked at; a search for each delimiter in turn would look at 2^40 of them here
    const chunk = new Uint8Array(1024 * 1024).fill(0x3b)
    expect(frames(delimited([';', '\0\0']), chunk)).toHaveLength(1024 * 1024)
  })
})

describe('an escape', () => {
  const table: ReadonlyArray<readonly [Delimiters, DelimitedOptions, string, string]> = [
    // DLE ETX ends a frame, DLE DLE is a DLE: the transparent mode of bisync and its many heirs
    ['\x10\x03', { escape: 'doubled' }, 'a\x10b', 'a\x10\x10b\x10\x03'],
    ['\x10\x03', { escape: 'doubled' }, 'a\x10\x03b', 'a\x10\x10\x03b\x10\x03'],
    ['\x10\x03', { escape: 'doubled' }, '\x10', '\x10\x10\x10\x03'],
    ['\x10\x03', { escape: 'doubled', keep: true }, '\x10\x10\x03', '\x10\x10\x10\x03'],
    [['\x10\x03', '\x10\x04'], { escape: 'doubled' }, '\x10\x04', '\x10\x10\x04\x10\x03'],
    [';', { escape: 'backslash' }, 'a;b\\c', 'a\\;b\\\\c;'],
    ['\r\n', { escape: 'backslash' }, 'a\r\nb\nc\r', 'a\\\r\nb\nc\\\r\r\n'],
    [['\n', '\r\n'], { escape: 'backslash' }, 'a\r', 'a\\\r\n'],
    [';', { escape: 'backslash', keep: true }, 'a;;', 'a\\;;'],
    // RFC 5321 section 4.5.2: "." alone ends the text; a line that begins with one gets another
    ['.\r\n', DOTS, '', '.\r\n'],
    ['.\r\n', DOTS, '\r\n', '\r\n.\r\n'],
    ['.\r\n', DOTS, 'a\r\n.\r\n..\r\n.b\r\nc.\r\n', 'a\r\n..\r\n...\r\n..b\r\nc.\r\n.\r\n'],
    ['.\r\n', { ...DOTS, keep: true }, '.a\r\n.\r\n', '..a\r\n.\r\n'],
  ]
  it.each(table)('with %j and %o writes %j as %j, and reads it back [R15]', (delimiters, options, message, wire) => {
    expect(wrote(delimiters, options, message)).toBe(wire)
    expect(readText(delimiters, options, wire + wire)).toEqual({ messages: [message, message], error: null })
  })

  it('that is none breaks the stream at its first wrong byte, however it is cut [R19]', () => {
    const wrong = (delimiters: Delimiters, options: DelimitedOptions, text: string) =>
      readText(delimiters, options, text)?.error
    const lone = 'the beginning of a delimiter, not doubled'
    expect(wrong('\x10\x03', { escape: 'doubled' }, 'a\x10\x03b\x10\x04')).toMatchObject({
      what: lone,
      at: 5,
      offset: 3,
    })
    const two = ['\x10ab', '\x10ac']
    expect(wrong(two, { escape: 'doubled' }, '1\x10ad')).toMatchObject({ _tag: 'Malformed', what: lone, at: 3 })
    expect(wrong(two, { escape: 'doubled' }, '1\x10a')).toMatchObject({ _tag: 'Truncated', got: 3 })
    const backslash = 'a backslash before a byte of no delimiter'
    expect(wrong(';', { escape: 'backslash' }, 'a;b\\n;')).toMatchObject({ what: backslash, at: 4, offset: 2 })
    expect(wrong(';', { escape: 'backslash' }, 'b\\')).toMatchObject({ _tag: 'Truncated', phase: 'frame', got: 2 })
    expect(wrong('.\r\n', DOTS, '.\r\na\nb')).toMatchObject({ what: 'an LF without CR', at: 4, offset: 3 })
    expect(wrong('.\r\n', DOTS, 'a\rb')).toMatchObject({ what: 'a CR without LF', at: 1 })
    expect(wrong('.\r\n', DOTS, '.\rb')).toMatchObject({ what: 'a CR without LF', at: 1 })
    expect(wrong('.\r\n', DOTS, '.\n')).toMatchObject({ what: 'an LF without CR', at: 1 })
  })

  it('of dots takes no other line ending for one: what smuggles mail is refused (CVE-2023-51764) [R19]', () => {
    for (const end of ['\n.\n', '\n.\r\n', '\r.\r', '\r\n.\n', '\r\n.\r\r\n']) {
      expect(readText('.\r\n', DOTS, `a${end}b\r\n.\r\n`)).toMatchObject({ messages: [], error: { _tag: 'Malformed' } })
    }
    // a dot that nobody doubled is dropped all the same, as RFC 5321 section 4.5.2 has it
    expect(readText('.\r\n', DOTS, '.a\r\n.\r\n')?.messages).toEqual(['a\r\n'])
  })

  it('reads the bytes of a delimiter that an escape keeps apart as content [R15]', () => {
    expect(readText('\r\n', { escape: 'backslash' }, 'a\\\r\nb\r\n')?.messages).toEqual(['a\r\nb'])
    expect(readText('\r\n', { escape: 'backslash' }, 'a\r\\\nb\r\n')?.messages).toEqual(['a\r\nb'])
    expect(readText('aba', { escape: 'backslash' }, 'ab\\ab\\a')?.messages).toEqual([])
  })
})

describe('the limit of delimited()', () => {
  it('counts delimiter and escapes, both ways [R16]', () => {
    for (const [delimiters, options, message, size] of [
      [';', {}, 'abc', 4],
      ['\r\n', {}, 'ab', 4],
      [';', { keep: true }, 'abc;', 4],
      [';', { escape: 'backslash' }, 'a;', 4],
      ['\x10\x03', { escape: 'doubled' }, '\x10', 4],
      ['.\r\n', DOTS, '.\r\n', 7],
    ] as const) {
      const wire = wrote(delimiters, { ...options, maxFrameBytes: size }, message)
      expect(wire).toHaveLength(size)
      const text = typeof wire === 'string' ? wire : ''
      expect(readText(delimiters, { ...options, maxFrameBytes: size }, text)?.messages).toEqual([message])
      const less = { ...options, maxFrameBytes: size - 1 }
      expect(wrote(delimiters, less, message)).toMatchObject({ _tag: 'TooLong', announced: size, fault: 'local' })
      const { error } = read(delimited(delimiters, less), utf8(text.slice(0, -1)))
      expect(error).toMatchObject({ _tag: 'TooLong', limit: size - 1, seen: size - 1, fault: 'remote' })
    }
  })

  it('is 1 MiB unless chosen [R16]', () => {
    expect(DELIMITED_DEFAULTS.maxFrameBytes).toBe(1_048_576)
    expect(write(delimited(';'), new Uint8Array(1_048_575))).toHaveLength(1_048_576)
    expect(write(delimited(';'), new Uint8Array(1_048_576))).toMatchObject({ _tag: 'TooLong', announced: 1_048_577 })
    expect(read(delimited(';'), new Uint8Array(1_048_576)).error).toMatchObject({ _tag: 'TooLong' })
  })
})

describe('the options of delimited()', () => {
  const hidden = 'delimiters of which none ends inside another'
  const doubled = "delimiters of two bytes or more, the second not the first again, where escape is 'doubled'"
  const dots = "'.\\r\\n' alone, the line that ends a block, where escape is 'dot-stuffing'"
  const wrong: ReadonlyArray<readonly [unknown, DelimitedOptions | object, string, string]> = [
    [[], {}, 'delimiters', 'a delimiter, or several'],
    [undefined, {}, 'delimiters', 'a delimiter, or several'],
    ['', {}, 'delimiters', 'delimiters of one byte or more'],
    [['a', ''], {}, 'delimiters', 'delimiters of one byte or more'],
    [['a', 1], {}, 'delimiters', 'bytes'],
    [['\r', '\r\n'], {}, 'delimiters', hidden],
    [['\r\n', '\r'], {}, 'delimiters', hidden],
    [['xabx', 'ab'], {}, 'delimiters', hidden],
    [['a', 'a'], {}, 'delimiters', hidden],
    [';', { escape: 'doubled' }, 'delimiters', doubled],
    ['\x10\x10', { escape: 'doubled' }, 'delimiters', doubled],
    ['a\\', { escape: 'backslash' }, 'delimiters', "delimiters without a backslash, where escape is 'backslash'"],
    ['\r\n.\r\n', DOTS, 'delimiters', dots],
    [['.\r\n', ';'], DOTS, 'delimiters', dots],
    [';', { escape: 'dots' }, 'escape', "one of 'none', 'doubled', 'backslash', 'dot-stuffing'"],
    [';', { keep: 'yes' }, 'keep', 'true or false'],
    ['\r\n', { maxFrameBytes: 1 }, 'maxFrameBytes', 'a whole number of bytes from 2 on'],
  ]
  it.each(wrong)('refuse %j with %o at construction [R27]', (delimiters, options, option, expected) => {
    const build = () => delimited(delimiters as string, options)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
  })

  it('may name delimiters that end where another does', () => {
    expect(() => delimited(['\n', '\r\n'])).not.toThrow()
    expect(() => delimited(['ab', 'b'])).not.toThrow()
    expect(() => delimited('a\\')).not.toThrow()
    // the least frame is the shortest delimiter
    expect(readText(['\n', '\r\n'], { maxFrameBytes: 1 }, '\n')?.messages).toEqual([''])
  })

  it('print as the expression that built it', () => {
    expect(delimited('\r\n').name).toBe("delimited('\\r\\n')")
    expect(delimited('\r\n', { keep: undefined } as object).name).toBe("delimited('\\r\\n')")
    expect(delimited(['a', 'b'], { keep: true }).name).toBe("delimited([ 'a', 'b' ], { keep: true })")
  })

  it('do not make bytes of what is none, and are copied [R15]', () => {
    const end = Uint8Array.of(0)
    const protocol = delimited(end)
    end[0] = 1
    expect(write(protocol, hex('01'))).toEqual(hex('01 00'))
    expect(write(protocol, 'a' as unknown as Uint8Array)).toMatchObject({ what: 'a value that is no Uint8Array' })
  })
})
