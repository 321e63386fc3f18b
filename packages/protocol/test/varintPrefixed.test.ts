import { drip, everyTwoWaySplit } from '@sluice/testing'
import fc from 'fast-check'
import { decode, encode } from 'it-length-prefixed'
import { describe, expect, it } from 'vitest'
import type { VarintPrefixedOptions } from '../src/index.ts'
import { WrongOption, byteQueue, varintPrefixed } from '../src/index.ts'
import { frames, hex, read, toHex, utf8, write } from './wire.ts'

const huge = { maxFrameBytes: Number.MAX_SAFE_INTEGER }
/** Says how long a frame would be, by what a header alone is missing. */
const announced = (options: VarintPrefixedOptions, header: string): unknown => {
  const { error } = read(varintPrefixed({ ...huge, ...options }), hex(header))
  return typeof error === 'object' && error?._tag === 'Truncated' ? error.expected : error
}

describe('varintPrefixed()', () => {
  // MQTT 5.0, table 1-1 (size of a variable byte integer): where each size begins and ends
  const mqtt = [
    ['00', 0],
    ['7f', 127],
    ['80 01', 128],
    ['ff 7f', 16_383],
    ['80 80 01', 16_384],
    ['ff ff 7f', 2_097_151],
    ['80 80 80 01', 2_097_152],
    ['ff ff ff 7f', 268_435_455],
  ] as const
  it.each(mqtt)('reads %s as %d, as MQTT does', (header, length) => {
    const size = header.replaceAll(' ', '').length / 2
    if (length === 0) expect(frames(varintPrefixed(), hex(header))).toEqual([new Uint8Array(0)])
    else expect(announced({}, header)).toBe(length + size)
    if (length > 2 ** 20) return
    const wire = write(varintPrefixed({ maxFrameBytes: 2 ** 21 }), new Uint8Array(length))
    expect(wire instanceof Uint8Array && toHex(wire.subarray(0, size))).toBe(header.replaceAll(' ', ''))
  })

  // DWARF 5, table 7.7 (examples of unsigned LEB128 encodings)
  it.each([
    ['02', 2],
    ['7f', 127],
    ['80 01', 128],
    ['81 01', 129],
    ['b9 64', 12_857],
  ] as const)('reads %s as %d, as DWARF does', (header, length) => {
    expect(announced({}, header)).toBe(length + header.replaceAll(' ', '').length / 2)
  })

  it('says a length of more bytes than allowed at the last of them [R16]', () => {
    for (const [maxLengthBytes, header] of [
      [4, 'ff ff ff 80'],
      [4, '80 80 80 80'],
      [1, '80'],
      [8, 'ff ff ff ff ff ff ff ff'],
    ] as const) {
      const bytes = hex(header)
      const wrong = { _tag: 'Malformed', what: expect.stringContaining('a length of more than') as string }
      for (const chunks of [[bytes], drip(bytes), [bytes, hex('01')]]) {
        const { error } = read(varintPrefixed({ maxLengthBytes }), ...chunks)
        expect(error).toMatchObject({ ...wrong, at: bytes.length - 1 })
      }
    }
  })

  it('refuses a length of more bytes than it needs, unless allowed [R19]', () => {
    for (const [header, at] of [
      ['80 00', 1],
      ['85 80 00', 2],
      ['ff 80 80 00', 3],
    ] as const) {
      const what = 'a length of more bytes than it needs'
      expect(read(varintPrefixed(), hex(header)).error).toMatchObject({ _tag: 'Malformed', what, at })
    }
    const lax = varintPrefixed({ nonMinimal: 'allow' })
    expect(frames(lax, hex('80 00 82 80 00 6869'))).toEqual([utf8(''), utf8('hi')])
    expect(write(lax, utf8('hi'))).toEqual(hex('02 6869'))
  })

  it('says which part a FIN has cut, and how much it waited for [R13]', () => {
    const cut = (bytes: string) => read(varintPrefixed(), hex(bytes)).error
    expect(cut('80')).toMatchObject({ _tag: 'Truncated', phase: 'header', got: 1, expected: 2 })
    expect(cut('02 68')).toMatchObject({ _tag: 'Truncated', phase: 'payload', got: 2, expected: 3 })
  })

  it('refuses lengths beyond 2^53 as too long [R16]', () => {
    const { error } = read(varintPrefixed({ ...huge, maxLengthBytes: 8 }), hex('ff ff ff ff ff ff ff 7f'))
    expect(error).toMatchObject({ _tag: 'TooLong', limit: Number.MAX_SAFE_INTEGER })
  })

  it('reads what an independent encoder writes, and writes what an independent decoder reads', () => {
    const messages = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 8 }),
        fc.integer({ min: 120, max: 300 }).map((size) => new Uint8Array(size)),
      ),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(messages, (all) => {
        const theirs = Buffer.concat([...encode(all)].map((part) => part.subarray()))
        expect(frames(varintPrefixed(), theirs)).toEqual(all)
        const out = byteQueue()
        for (const message of all) varintPrefixed().encode(message, out)
        const ours = Uint8Array.from(out.take())
        expect(Buffer.from(ours)).toEqual(theirs)
        expect([...decode([ours])].map((message) => Uint8Array.from(message.subarray()))).toEqual(all)
      }),
    )
  })

  it('keeps the header where it is told to: whole MQTT packets', () => {
    // MQTT 5.0: PINGREQ (section 3.12), PINGRESP (3.13), DISCONNECT without properties (3.14)
    const stream = hex('c000 d000 e000')
    const packets = varintPrefixed({ offset: 1, strip: 'none' })
    for (const chunks of [[stream], drip(stream), ...everyTwoWaySplit(stream)]) {
      expect(read(packets, ...chunks)).toEqual({ messages: [hex('c000'), hex('d000'), hex('e000')], error: null })
    }
    expect(write(packets, hex('c000'))).toEqual(hex('c000'))
    const refused = (message: string) => write(packets, hex(message))
    const unlike = { _tag: 'NotEncodable', what: 'its header does not say its length of 3 bytes' }
    expect(refused('c000 00')).toMatchObject(unlike)
    expect(refused('c002 00')).toMatchObject(unlike)
    expect(refused('')).toMatchObject({
      _tag: 'NotEncodable',
      what: 'its header does not say its length of 0 bytes',
    })
    expect(refused('c0 80 00')).toMatchObject({ what: 'it has a length of more bytes than it needs at 2' })
  })
})

describe('the limit of varintPrefixed()', () => {
  it('counts the whole frame at its border, both ways [R16]', () => {
    for (const [limit, payload] of [
      [1, 0],
      [8, 7],
      [128, 127],
      [130, 128],
      [1_048_576, 1_048_573],
    ] as const) {
      const protocol = varintPrefixed({ maxFrameBytes: limit })
      const wire = write(protocol, new Uint8Array(payload))
      expect(wire).toHaveLength(limit)
      expect(frames(protocol, wire as Uint8Array).map(({ length }) => length)).toEqual([payload])
      const over = write(protocol, new Uint8Array(payload + 1))
      expect(over).toMatchObject({ _tag: 'TooLong', limit, fault: 'local' })
      const larger = write(varintPrefixed({ maxFrameBytes: limit + 2 }), new Uint8Array(payload + 1)) as Uint8Array
      expect(read(protocol, larger.subarray(0, 4)).error).toMatchObject({
        _tag: 'TooLong',
        limit,
        announced: larger.length,
        fault: 'remote',
      })
    }
    // 127 bytes take one byte of length and 128 two: no frame has 129
    expect(write(varintPrefixed({ maxFrameBytes: 129 }), new Uint8Array(128))).toMatchObject({ announced: 130 })
  })

  it('is joined by that of the length [R15]', () => {
    const protocol = varintPrefixed({ maxLengthBytes: 1 })
    expect(write(protocol, new Uint8Array(127))).toHaveLength(128)
    expect(write(protocol, new Uint8Array(128))).toMatchObject({
      _tag: 'NotEncodable',
      what: 'its length of 128 does not fit 1 byte',
    })
  })
})

describe('the options of varintPrefixed()', () => {
  const wrong: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, string]> = [
    ['maxLengthBytes', { maxLengthBytes: 0 }, 'a whole number from 1 to 8'],
    ['maxLengthBytes', { maxLengthBytes: 9 }, 'a whole number from 1 to 8'],
    ['nonMinimal', { nonMinimal: true }, "one of 'refuse', 'allow'"],
    ['offset', { offset: -1 }, 'a whole number from 0 on'],
    ['strip', { strip: 'both' }, "one of 'header', 'none'"],
    ['strip', { offset: 2 }, "'none': 2 bytes in front of the length would be lost"],
    ['maxFrameBytes', { maxFrameBytes: 0 }, 'a whole number of bytes from 1 on'],
    ['maxFrameBytes', { maxFrameBytes: 2, offset: 2, strip: 'none' }, 'a whole number of bytes from 3 on'],
  ]
  it.each(wrong)('refuse a wrong %s in %o at construction [R27]', (option, options, expected) => {
    const build = () => varintPrefixed(options)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
  })

  it('print as the expression that built it', () => {
    expect(varintPrefixed({ maxLengthBytes: 5 }).name).toBe('varintPrefixed({ maxLengthBytes: 5 })')
  })
})
