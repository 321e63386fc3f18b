import { drip, everyTwoWaySplit } from '@sluice/testing'
import fc from 'fast-check'
import { nsLength, nsPayload, nsWrite } from 'netstring'
import { describe, expect, it } from 'vitest'
import type { DecimalPrefixedOptions } from '../src/index.ts'
import { WrongOption, byteQueue, decimalPrefixed } from '../src/index.ts'
import { frames, hex, read, utf8, write } from './wire.ts'

const SYSLOG = { separator: ' ', terminator: '', empty: 'refuse' } as const
const HEX4 = { radix: 16, width: 4, separator: '', terminator: '' } as const

const reads = (options: DecimalPrefixedOptions, text: string) => read(decimalPrefixed(options), utf8(text))

describe('decimalPrefixed()', () => {
  // cr.yp.to/proto/netstrings.txt: the examples of its section 2
  it.each([
    ['31 32 3a 68 65 6c 6c 6f 20 77 6f 72 6c 64 21 2c', 'hello world!'],
    ['30 3a 2c', ''],
  ])('reads the netstring <%s> as %j, and writes it so, however it is cut [R15]', (wire, text) => {
    const bytes = hex(wire)
    expect(write(decimalPrefixed(), utf8(text))).toEqual(bytes)
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      expect(read(decimalPrefixed(), ...chunks)).toEqual({ messages: [utf8(text)], error: null })
    }
  })

  it('counts octets as RFC 6587 section 3.4.1 does: MSG-LEN SP SYSLOG-MSG', () => {
    // the message is the first example of RFC 5424 section 6.5, without its BOM
    const message = `<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed for lonvick on /dev/pts/8`
    const wire = utf8(`${String(message.length)} ${message}5 <1>hi`)
    expect(frames(decimalPrefixed(SYSLOG), wire)).toEqual([utf8(message), utf8('<1>hi')])
    expect(write(decimalPrefixed(SYSLOG), utf8(message))).toEqual(utf8(`${String(message.length)} ${message}`))
    // MSG-LEN = NONZERO-DIGIT *DIGIT
    expect(reads(SYSLOG, '0 ').error).toMatchObject({ _tag: 'Malformed', what: 'a length of zero', at: 0 })
    expect(write(decimalPrefixed(SYSLOG), utf8(''))).toMatchObject({ _tag: 'NotEncodable', what: 'it is empty' })
  })

  it('takes hexadecimal digits of a fixed number, in either case', () => {
    expect(reads(HEX4, '000Aabcdefghij000aabcdefghij0000')).toMatchObject({
      messages: [utf8('abcdefghij'), utf8('abcdefghij'), utf8('')],
      error: null,
    })
    expect(write(decimalPrefixed(HEX4), new Uint8Array(0xabc))).toHaveLength(0xabc + 4)
    expect(write(decimalPrefixed(HEX4), utf8('x'.repeat(10)))).toEqual(utf8(`000a${'x'.repeat(10)}`))
    expect(reads({ radix: 16 }, 'fF:').error).toMatchObject({ _tag: 'Truncated', expected: 255 + 4 })
    expect(reads({ width: 3, separator: '' }, '002hi,').messages).toEqual([utf8('hi')])
  })

  it.each([
    ['+5:hello,', 'something that is no digit in a length', 0],
    ['-1:,', 'something that is no digit in a length', 0],
    [' 5:hello,', 'something that is no digit in a length', 0],
    [':,', 'something that is no digit in a length', 0],
    ['0x5:hello,', 'the wrong byte behind a length', 1],
    ['1e3:', 'the wrong byte behind a length', 1],
    ['5 :hello,', 'the wrong byte behind a length', 1],
    ['5.0:hello,', 'the wrong byte behind a length', 1],
    ['05:hello,', 'a length with a leading zero', 1],
    ['00:,', 'a length with a leading zero', 1],
    ['12345678901234567:', 'a length of more than 15 digits', 15],
    ['5:hello;', 'the wrong byte behind a payload', 7],
    ['5:hello!,', 'the wrong byte behind a payload', 7],
    ['\u0665:hello,', 'something that is no digit in a length', 0],
  ])('refuses %j: %s [R19]', (text, what, at) => {
    const bytes = utf8(text)
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      const { error, messages } = read(decimalPrefixed({ maxFrameBytes: Number.MAX_SAFE_INTEGER }), ...chunks)
      expect(messages).toEqual([])
      expect(error).toMatchObject({ _tag: 'Malformed', what, at, offset: 0 })
    }
  })

  it('says which part a FIN has cut, and how much it waited for [R13]', () => {
    const cut = (text: string, options: DecimalPrefixedOptions = {}) => reads(options, text).error
    expect(cut('1')).toMatchObject({ _tag: 'Truncated', phase: 'header', got: 1, expected: 2 })
    expect(cut('1:a')).toMatchObject({ _tag: 'Truncated', phase: 'payload', got: 3, expected: 4 })
    expect(cut('1\r', { separator: '\r\n' })).toMatchObject({ phase: 'header', got: 2, expected: 3 })
    expect(cut('01', { width: 2 })).toMatchObject({ phase: 'header', got: 2, expected: 3 })
  })

  it('refuses what is no digit, or too few of them, where their number is fixed [R19]', () => {
    expect(reads(HEX4, '00g0').error).toMatchObject({ what: 'something that is no digit in a length', at: 2 })
    expect(reads({ width: 2 }, '5:hello,').error).toMatchObject({
      what: 'something that is no digit in a length',
      at: 1,
    })
    expect(reads({ width: 2 }, '005:hello,').error).toMatchObject({ what: 'the wrong byte behind a length', at: 2 })
    expect(reads({ ...HEX4, empty: 'refuse' }, '0000').error).toMatchObject({ what: 'a length of zero', at: 3 })
  })

  it('reads and writes what an independent netstring library does', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 6 })
    fc.assert(
      fc.property(messages, (all) => {
        const out = byteQueue()
        for (const message of all) decimalPrefixed().encode(message, out)
        const ours = Buffer.from(out.take())
        const theirs: Uint8Array[] = []
        for (let at = 0; at < ours.length; at += nsLength(ours, at)) {
          const payload = nsPayload(ours, at)
          theirs.push(payload === -1 ? utf8('cut off') : Uint8Array.from(payload))
        }
        expect(theirs).toEqual(all)
      }),
    )
    const theirs = Buffer.concat(['hi', '', 'x'.repeat(300)].map((text) => Buffer.from(nsWrite(Buffer.from(text)))))
    expect(frames(decimalPrefixed(), theirs)).toEqual(['hi', '', 'x'.repeat(300)].map(utf8))
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '5', ':', '+', 'a'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(digits, (text) => {
        const { error } = reads({ maxFrameBytes: 2 ** 40 }, text)
        const refused = typeof error === 'object' && error?._tag === 'Malformed' && error.what.includes('length')
        const refuse = () => nsPayload(Buffer.from(text), 0)
        if (refused) expect(refuse).toThrow()
        else expect(refuse).not.toThrow()
      }),
    )
  })
})

describe('the limit of decimalPrefixed()', () => {
  it('counts the whole frame at its border, both ways [R16]', () => {
    for (const [options, limit, payload] of [
      [{}, 3, 0],
      [{}, 12, 9],
      [{}, 14, 10],
      [{}, 1_048_576, 1_048_567],
      [SYSLOG, 8, 6],
      [HEX4, 8, 4],
    ] as const) {
      const protocol = decimalPrefixed({ ...options, maxFrameBytes: limit })
      const wire = write(protocol, new Uint8Array(payload))
      expect(wire).toHaveLength(limit)
      expect(frames(protocol, wire as Uint8Array).map(({ length }) => length)).toEqual([payload])
      expect(write(protocol, new Uint8Array(payload + 1))).toMatchObject({ _tag: 'TooLong', limit, fault: 'local' })
      const larger = write(decimalPrefixed({ ...options, maxFrameBytes: limit + 2 }), new Uint8Array(payload + 1))
      const header = (larger as Uint8Array).subarray(0, Math.min(8, limit))
      const tooLong = { _tag: 'TooLong', limit, announced: (larger as Uint8Array).length, fault: 'remote' }
      expect(read(protocol, header).error).toMatchObject(limit > 3 ? tooLong : { _tag: 'TooLong', limit })
    }
  })

  it('is found at the header, by the whole number it says, however it is cut [R16]', () => {
    const bytes = utf8('999999999:')
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      const { error } = read(decimalPrefixed(), ...chunks)
      expect(error).toMatchObject({ _tag: 'TooLong', announced: 999_999_999 + 11, limit: 1_048_576 })
    }
    // a header that is longer than a frame may be
    expect(reads({ maxFrameBytes: 4 }, '99999').error).toMatchObject({ _tag: 'TooLong', limit: 4, announced: 5 })
  })

  it('is joined by that of the digits [R15]', () => {
    const what = 'its length of 10 does not fit 1 digit'
    expect(write(decimalPrefixed({ width: 1 }), new Uint8Array(10))).toMatchObject({ _tag: 'NotEncodable', what })
    expect(write(decimalPrefixed({ width: 1 }), new Uint8Array(9))).toHaveLength(12)
    expect(write(decimalPrefixed({ width: 2 }), new Uint8Array(100))).toMatchObject({
      what: 'its length of 100 does not fit 2 digits',
    })
  })
})

describe('the options of decimalPrefixed()', () => {
  const noDigit = 'something that is no digit, or a width'
  const wrong: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, string]> = [
    ['radix', { radix: 8 }, '10 or 16'],
    ['width', { width: 0 }, 'a whole number from 1 to 15'],
    ['width', { width: 16 }, 'a whole number from 1 to 15'],
    ['width', { width: 14, radix: 16 }, 'a whole number from 1 to 13'],
    ['separator', { separator: '' }, noDigit],
    ['separator', { separator: '0' }, noDigit],
    ['separator', { separator: '9:', width: 2 }, noDigit],
    ['separator', { separator: 'a', radix: 16 }, noDigit],
    ['separator', { separator: 58 }, 'bytes'],
    ['terminator', { terminator: 44 }, 'bytes'],
    ['empty', { empty: true }, "one of 'allow', 'refuse'"],
    ['maxFrameBytes', { maxFrameBytes: 2 }, 'a whole number of bytes from 3 on'],
    ['maxFrameBytes', { ...SYSLOG, maxFrameBytes: 2 }, 'a whole number of bytes from 3 on'],
    ['maxFrameBytes', { ...HEX4, maxFrameBytes: 3 }, 'a whole number of bytes from 4 on'],
  ]
  it.each(wrong)('refuse a wrong %s in %o at construction [R27]', (option, options, expected) => {
    const build = () => decimalPrefixed(options)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
  })

  it('print as the expression that built it', () => {
    expect(decimalPrefixed({ separator: ' ' }).name).toBe("decimalPrefixed({ separator: ' ' })")
  })
})
