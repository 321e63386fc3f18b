import { drip, everyTwoWaySplit } from '@sluice/testing'
import { Ber } from 'asn1'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BerPrefixedOptions } from '../src/index.ts'
import { WrongOption, berPrefixed } from '../src/index.ts'
import { frames, hex, read, toHex, utf8, write } from './wire.ts'

const announced = (options: BerPrefixedOptions, header: string): unknown => {
  const { error } = read(berPrefixed({ maxFrameBytes: Number.MAX_SAFE_INTEGER, ...options }), hex(header))
  return typeof error === 'object' && error?._tag === 'Truncated' ? error.expected : error
}

describe('berPrefixed()', () => {
  // ITU-T X.690, 8.1.3.4 (short form, L = 38) and 8.1.3.5 (long form, L = 201), their examples
  it.each([
    ['26', 38],
    ['81 c9', 201],
    ['7f', 127],
    ['81 80', 128],
    ['82 01 00', 256],
    ['83 01 00 00', 65_536],
    ['84 01 00 00 00', 16_777_216],
  ] as const)('reads %s as %d, as X.690 has it, and writes it so', (header, length) => {
    const size = header.replaceAll(' ', '').length / 2
    expect(announced({}, header)).toBe(length + size)
    if (length > 70_000) return
    const wire = write(berPrefixed(), new Uint8Array(length))
    expect(wire instanceof Uint8Array && toHex(wire.subarray(0, size))).toBe(header.replaceAll(' ', ''))
  })

  it('refuses the indefinite form, the reserved one, and lengths of too many bytes [R19]', () => {
    const wrong = (header: string, options: BerPrefixedOptions = {}) => read(berPrefixed(options), hex(header)).error
    expect(wrong('80')).toMatchObject({ _tag: 'Malformed', what: 'a length of the indefinite form', at: 0 })
    expect(wrong('ff')).toMatchObject({ what: 'a length that begins with the reserved ff', at: 0 })
    expect(wrong('85')).toMatchObject({ what: 'a length of more than 5 bytes', at: 0 })
    expect(wrong('81', { maxLengthBytes: 1 })).toMatchObject({ what: 'a length of more than 1 byte', at: 0 })
    expect(wrong('89', { maxLengthBytes: 9 })).toMatchObject({ what: 'a length of more than 9 bytes' })
  })

  it('reads lengths of more bytes than they need, as BER allows, unless told not to [R19]', () => {
    for (const header of ['81 02', '82 00 02', '84 00 00 00 02']) {
      expect(frames(berPrefixed(), hex(`${header} 6869`))).toEqual([utf8('hi')])
      const { error } = read(berPrefixed({ nonMinimal: 'refuse' }), hex(`${header} 6869`))
      const at = header.replaceAll(' ', '').length / 2 - 1
      expect(error).toMatchObject({ _tag: 'Malformed', what: 'a length of more bytes than it needs', at })
    }
    expect(frames(berPrefixed({ nonMinimal: 'refuse' }), hex(`8180 ${'00'.repeat(128)}`))).toHaveLength(1)
    expect(write(berPrefixed(), utf8('hi'))).toEqual(hex('02 6869'))
  })

  it('says which part a FIN has cut, and how much it waited for [R13]', () => {
    const cut = (bytes: string, options: BerPrefixedOptions = {}) => read(berPrefixed(options), hex(bytes)).error
    expect(cut('82')).toMatchObject({ _tag: 'Truncated', phase: 'header', got: 1, expected: 3 })
    expect(cut('82 01')).toMatchObject({ _tag: 'Truncated', phase: 'header', got: 2, expected: 3 })
    expect(cut('02 68')).toMatchObject({ _tag: 'Truncated', phase: 'payload', got: 2, expected: 3 })
    expect(cut('30', { offset: 1, strip: 'none' })).toMatchObject({ phase: 'header', got: 1, expected: 2 })
  })

  it('refuses lengths beyond 2^53 as too long [R16]', () => {
    expect(announced({ maxLengthBytes: 9 }, '88 0020000000000000')).toMatchObject({ _tag: 'TooLong' })
    expect(announced({ maxLengthBytes: 9 }, '88 ffffffffffffffff')).toMatchObject({ _tag: 'TooLong' })
    expect(announced({ maxLengthBytes: 9 }, '88 001ffffffffffff0')).toBe(Number.MAX_SAFE_INTEGER - 15 + 9)
  })

  it('reads a bind request of LDAP and what follows it, however they are cut [R15]', () => {
    // RFC 4511: an anonymous BindRequest, then an UnbindRequest; the second time with lengths of four bytes
    const stream = hex('300c020101600702010304008000 3005020102 4200 308400000005020102 4200')
    const values = berPrefixed({ offset: 1, strip: 'none' })
    for (const chunks of [[stream], drip(stream), ...everyTwoWaySplit(stream)]) {
      const { messages, error } = read(values, ...chunks)
      expect(error).toBeNull()
      expect(messages.map(toHex)).toEqual(['300c020101600702010304008000', '30050201024200', '3084000000050201024200'])
    }
    for (const message of frames(values, stream)) expect(write(values, message)).toEqual(message)
    expect(write(values, hex('3080 0000'))).toMatchObject({ what: 'it has a length of the indefinite form at 1' })
    expect(write(values, 'text' as unknown as Uint8Array)).toMatchObject({ what: 'a value that is no Uint8Array' })
    expect(write(berPrefixed(), 'text' as unknown as Uint8Array)).toMatchObject({
      _tag: 'NotEncodable',
      what: 'a value that is no Uint8Array',
    })
  })

  it('reads lengths as an independent reader does, and its writer', () => {
    const length = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 70_000 }))
    const bytes = fc.oneof(
      length.map((size) => {
        const writer = new Ber.Writer()
        writer.startSequence(0x30)
        for (let i = 0; i < size; i++) writer.writeByte(0)
        writer.endSequence()
        return writer.buffer.subarray(1)
      }),
      fc.uint8Array({ minLength: 6, maxLength: 6 }).map((all) => Buffer.from(all)),
    )
    fc.assert(
      fc.property(bytes, (all) => {
        const reader = new Ber.Reader(all)
        let theirs: number | null = null
        try {
          const end = reader.readLength(0)
          // it counts in 32 bits and with a sign, and has no reserved form
          theirs = end === null ? null : (reader.length >>> 0) + end
        } catch {
          theirs = null
        }
        const { messages, error } = read(berPrefixed({ maxFrameBytes: 2 ** 33 }), all)
        const [first] = messages
        if (first !== undefined) expect(first.length).toBe(new Ber.Reader(all).length === -1 ? 0 : reader.length)
        else if (typeof error === 'object' && error?._tag === 'Truncated') expect(error.expected).toBe(theirs)
        else expect(theirs).toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})

describe('the limit of berPrefixed()', () => {
  it('counts the whole frame at its border, both ways [R16]', () => {
    for (const [limit, payload] of [
      [1, 0],
      [128, 127],
      [130, 128],
      [259, 256],
      [1_048_576, 1_048_572],
    ] as const) {
      const protocol = berPrefixed({ maxFrameBytes: limit })
      const wire = write(protocol, new Uint8Array(payload))
      expect(wire).toHaveLength(limit)
      expect(frames(protocol, wire as Uint8Array).map(({ length }) => length)).toEqual([payload])
      expect(write(protocol, new Uint8Array(payload + 1))).toMatchObject({ _tag: 'TooLong', limit, fault: 'local' })
      const larger = write(berPrefixed({ maxFrameBytes: limit + 2 }), new Uint8Array(payload + 1)) as Uint8Array
      expect(read(protocol, larger.subarray(0, 5)).error).toMatchObject({ _tag: 'TooLong', limit, fault: 'remote' })
    }
  })

  it('is joined by that of the length [R15]', () => {
    const protocol = berPrefixed({ maxLengthBytes: 2 })
    expect(write(protocol, new Uint8Array(255))).toHaveLength(257)
    const what = 'its length of 256 does not fit 2 bytes'
    expect(write(protocol, new Uint8Array(256))).toMatchObject({ _tag: 'NotEncodable', what })
  })
})

describe('the options of berPrefixed()', () => {
  const wrong: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, string]> = [
    ['maxLengthBytes', { maxLengthBytes: 0 }, 'a whole number from 1 to 9'],
    ['maxLengthBytes', { maxLengthBytes: 10 }, 'a whole number from 1 to 9'],
    ['nonMinimal', { nonMinimal: 'fail' }, "one of 'allow', 'refuse'"],
    ['offset', { offset: 0.5 }, 'a whole number from 0 on'],
    ['strip', { strip: 'trailer' }, "one of 'header', 'none'"],
    ['strip', { offset: 1 }, "'none': 1 byte in front of the length would be lost"],
    ['maxFrameBytes', { maxFrameBytes: 1, offset: 1, strip: 'none' }, 'a whole number of bytes from 2 on'],
  ]
  it.each(wrong)('refuse a wrong %s in %o at construction [R27]', (option, options, expected) => {
    const build = () => berPrefixed(options)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
  })

  it('print as the expression that built it', () => {
    expect(berPrefixed({ offset: 1, strip: 'none' }).name).toBe("berPrefixed({ offset: 1, strip: 'none' })")
  })
})
