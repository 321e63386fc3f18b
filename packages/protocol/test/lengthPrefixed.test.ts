import { drip, everyTwoWaySplit } from '@sluice/testing'
import * as library from 'crc'
import fc from 'fast-check'
import { decode } from 'it-length-prefixed'
import { describe, expect, it } from 'vitest'
import type { LengthPrefixedOptions } from '../src/index.ts'
import { LENGTH_PREFIXED_DEFAULTS, WrongOption, byteQueue, lengthPrefixed } from '../src/index.ts'
import { frames, hex, read, toHex, utf8, write } from './wire.ts'

/** The library takes a `Buffer`. */
const over =
  (checksum: (bytes: Buffer) => number) =>
  (bytes: Uint8Array): number =>
    checksum(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
const crc8 = over(library.crc8)
const crc16modbus = over(library.crc16modbus)
const crc32 = over(library.crc32)
const crcjam = over(library.crcjam)

const magic = Uint8Array.of(0xca, 0xfe)
const etx = { bytes: Uint8Array.of(3) }
const crc = { checksum: crc32, width: 4 } as const

describe('lengthPrefixed()', () => {
  const layouts: ReadonlyArray<readonly [LengthPrefixedOptions, string, string]> = [
    [{}, '6869', '00000002 6869'],
    [{}, '', '00000000'],
    [{ width: 1 }, '6869', '02 6869'],
    [{ width: 2 }, '6869', '0002 6869'],
    [{ width: 2, endian: 'little' }, '6869', '0200 6869'],
    [{ width: 3 }, '6869', '000002 6869'],
    [{ width: 3, endian: 'little' }, '6869', '020000 6869'],
    [{ endian: 'little' }, '6869', '02000000 6869'],
    [{ width: 6 }, '6869', '000000000002 6869'],
    [{ width: 6, endian: 'little' }, '6869', '020000000000 6869'],
    [{ width: 8 }, '6869', '0000000000000002 6869'],
    [{ width: 8, endian: 'little' }, '6869', '0200000000000000 6869'],
    [{ width: 2, lengthIncludes: 'self' }, '6869', '0004 6869'],
    [{ width: 2, lengthIncludes: 'frame', magic }, '6869', 'cafe 0006 6869'],
    [{ width: 2, lengthIncludes: 'self', magic }, '6869', 'cafe 0004 6869'],
    [{ width: 2, lengthIncludes: 'rest', trailer: etx }, '6869', '0003 6869 03'],
    [{ width: 2, lengthIncludes: 'frame', trailer: etx }, '6869', '0005 6869 03'],
    [{ width: 2, adjustment: 1 }, '6869', '0001 6869'],
    [{ width: 2, adjustment: -3 }, '6869', '0005 6869'],
    [{ width: 2, magic }, '6869', 'cafe 0002 6869'],
    [{ width: 2, trailer: etx }, '6869', '0002 6869 03'],
    // the CRC-32 of "hi" is d8932aac, big-endian as the length, and little-endian with it
    [{ width: 2, trailer: crc }, '6869', '0002 6869 d8932aac'],
    [{ width: 2, endian: 'little', trailer: crc }, '6869', '0200 6869 ac2a93d8'],
    [{ width: 2, strip: 'none' }, '0002 6869', '0002 6869'],
    [{ width: 2, offset: 1, strip: 'none' }, '71 0002 6869', '71 0002 6869'],
    [{ width: 2, magic, strip: 'none', trailer: etx }, 'cafe 0002 6869 03', 'cafe 0002 6869 03'],
    [{ width: 2, magic, strip: 'header', trailer: etx }, '6869 03', 'cafe 0002 6869 03'],
    [{ width: 2, magic, offset: 3, strip: 'trailer', trailer: etx }, 'cafe 71 0002 6869', 'cafe 71 0002 6869 03'],
  ]
  it.each(layouts)('with %o writes %s as %s, and reads it back however it is cut [R15]', (options, message, wire) => {
    const protocol = lengthPrefixed(options)
    const bytes = hex(wire)
    expect(write(protocol, hex(message))).toEqual(bytes)
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      expect(read(protocol, ...chunks)).toEqual({ messages: [hex(message)], error: null })
    }
  })

  it('reads the messages of PostgreSQL: a letter, then a length that counts itself', () => {
    // documented under "Message Formats": Query 'Q', Sync 'S', Terminate 'X'
    const stream = hex('51 00000006 3100 53 00000004 58 00000004')
    const protocol = lengthPrefixed({ offset: 1, lengthIncludes: 'self', strip: 'none' })
    expect(frames(protocol, stream).map(toHex)).toEqual(['51000000063100', '5300000004', '5800000004'])
  })

  it('reads what an independent decoder reads', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })
    const lengthDecoder = Object.assign(
      (list: { get: (at: number) => number }) =>
        list.get(0) * 2 ** 24 + list.get(1) * 65_536 + list.get(2) * 256 + list.get(3),
      { bytes: 4 },
    )
    fc.assert(
      fc.property(messages, (all) => {
        const out = byteQueue()
        for (const message of all) lengthPrefixed().encode(message, out)
        const bytes = Uint8Array.from(out.take())
        const theirs = [...decode([bytes], { lengthDecoder })].map((message) => Uint8Array.from(message.subarray()))
        expect(theirs).toEqual(all)
        expect(frames(lengthPrefixed(), bytes)).toEqual(all)
      }),
    )
  })

  it('gives views of the chunk, not copies [R20]', () => {
    const chunk = hex('0002 6869 0000 0001 61')
    const seen = frames(lengthPrefixed({ width: 2 }), chunk)
    expect(seen.map(({ buffer, byteOffset, length }) => [buffer === chunk.buffer, byteOffset, length])).toEqual([
      [true, 2, 2],
      [true, 6, 0],
      [true, 8, 1],
    ])
  })
})

describe('the limit of lengthPrefixed()', () => {
  const borders: ReadonlyArray<readonly [LengthPrefixedOptions, string, string]> = [
    [{ width: 1 }, '07', '08'],
    [{ width: 2 }, '0006', '0007'],
    [{ width: 8 }, '0000000000000000', '0000000000000001'],
    [{ width: 2, trailer: etx }, '0005', '0006'],
    [{ width: 2, magic, trailer: crc }, 'cafe 0000', 'cafe 0001'],
    [{ width: 2, lengthIncludes: 'frame' }, '0008', '0009'],
    [{ offset: 2, strip: 'none' }, '6869 00000002', '6869 00000003'],
  ]
  it.each(borders)('of 8 counts the whole frame with %o, both ways [R16]', (options, fits, over) => {
    const protocol = lengthPrefixed({ ...options, maxFrameBytes: 8 })
    expect(read(protocol, hex(fits)).error).not.toMatchObject({ _tag: 'TooLong' })
    const tooLong = { _tag: 'TooLong', limit: 8, announced: 9, seen: undefined, offset: 0, fault: 'remote' }
    // at the header, with no byte behind it
    expect(read(protocol, hex(over)).error).toMatchObject(tooLong)
    expect(read(protocol, ...drip(hex(over))).error).toMatchObject(tooLong)
    const larger = lengthPrefixed({ ...options, maxFrameBytes: 9 })
    const header = hex(over)
    const rest = new Uint8Array(9 - header.length)
    if (options.trailer !== undefined) return
    const [message] = frames(larger, Uint8Array.from([...header, ...rest]))
    expect(write(protocol, message ?? header)).toMatchObject({
      _tag: 'TooLong',
      announced: 9,
      limit: 8,
      fault: 'local',
    })
  })

  it('is 1 MiB unless chosen [R16]', () => {
    expect(LENGTH_PREFIXED_DEFAULTS.maxFrameBytes).toBe(1_048_576)
    expect(write(lengthPrefixed(), new Uint8Array(1_048_572))).toHaveLength(1_048_576)
    expect(write(lengthPrefixed(), new Uint8Array(1_048_573))).toMatchObject({ _tag: 'TooLong', announced: 1_048_577 })
    expect(read(lengthPrefixed(), hex('000ffffd')).error).toMatchObject({ _tag: 'TooLong', announced: 1_048_577 })
    expect(read(lengthPrefixed(), hex('000ffffc')).error).toMatchObject({ _tag: 'Truncated', expected: 1_048_576 })
  })

  it('stands for every length of 32 bits, none of which is negative or overflows [R16]', () => {
    const interesting = fc.constantFrom(0, 1, 5, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 5, 2 ** 32 - 1)
    fc.assert(
      fc.property(fc.oneof(interesting, fc.nat({ max: 2 ** 32 - 1 })), fc.boolean(), (length, little) => {
        const out = byteQueue()
        if (little) out.uintLE(length, 4)
        else out.uintBE(length, 4)
        const bytes = Uint8Array.from([...out.take(), 1, 2, 3])
        const { error, messages } = read(
          lengthPrefixed({ endian: little ? 'little' : 'big', maxFrameBytes: 64 }),
          bytes,
        )
        if (length > 60) expect(error).toMatchObject({ _tag: 'TooLong', announced: length + 4 })
        else expect(messages).toEqual(length > 3 ? [] : [bytes.subarray(4, 4 + length), ...messages.slice(1)])
      }),
    )
  })

  it('holds for lengths from 2^53 on, which numbers no longer tell apart [R16]', () => {
    const protocol = lengthPrefixed({ width: 8, maxFrameBytes: Number.MAX_SAFE_INTEGER, adjustment: -16 })
    for (const digits of ['0020000000000000', '0020000000000001', 'ffffffffffffffff', '8000000000000000']) {
      expect(read(protocol, hex(digits)).error).toMatchObject({ _tag: 'TooLong', limit: Number.MAX_SAFE_INTEGER })
    }
    // one less is taken for what it says, and waited for without memory for it
    expect(read(protocol, hex('001fffffffffffff')).error).toMatchObject({
      _tag: 'Truncated',
      expected: Number.MAX_SAFE_INTEGER - 8,
    })
  })
})

describe('a header that is wrong', () => {
  it('breaks the stream at its first wrong byte of magic, however it is cut [R19]', () => {
    const protocol = lengthPrefixed({ width: 2, magic })
    const bytes = hex('cafe 0001 61 caff 0001 62')
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      const { messages, error } = read(protocol, ...chunks)
      expect(messages).toEqual([utf8('a')])
      expect(error).toMatchObject({ _tag: 'Malformed', what: 'the wrong magic number', at: 6, offset: 5 })
    }
    expect(read(protocol, hex('00')).error).toMatchObject({ _tag: 'Malformed', at: 0, bytes: Uint8Array.of(0) })
    // at once, before the rest of the header comes
    expect(read(protocol, hex('ca'), hex('00')).error).toMatchObject({ _tag: 'Malformed', at: 1 })
  })

  it('says a length less than the header it is in [R19]', () => {
    const less = (options: LengthPrefixedOptions, bytes: string) => read(lengthPrefixed(options), hex(bytes)).error
    const what = (length: number) => ({
      _tag: 'Malformed',
      what: `a length of ${String(length)}, less than its own frame's header`,
    })
    expect(less({ width: 2, lengthIncludes: 'self' }, '0001')).toMatchObject({ ...what(1), at: 1 })
    expect(less({ width: 2, lengthIncludes: 'frame', magic }, 'cafe0003')).toMatchObject({ ...what(3), at: 3 })
    expect(less({ width: 2, lengthIncludes: 'rest', trailer: etx }, '0000')).toMatchObject(what(0))
    expect(less({ width: 2, adjustment: -2 }, '0001')).toMatchObject(what(1))
    expect(less({ width: 2, adjustment: -2 }, '0002')).toBeNull()
  })

  it('is told from a cut one by its length [R13]', () => {
    const cut = (bytes: string) => read(lengthPrefixed({ width: 2, trailer: etx }), hex(bytes)).error
    expect(cut('00')).toMatchObject({ _tag: 'Truncated', phase: 'header', got: 1, expected: 2 })
    const header = (bytes: string, options = {}) => read(lengthPrefixed(options), hex(bytes)).error
    expect(header('00')).toMatchObject({ _tag: 'Truncated', phase: 'header', got: 1, expected: 4 })
    expect(header('cafe', { magic })).toMatchObject({ _tag: 'Truncated', phase: 'header', got: 2, expected: 6 })
    expect(cut('0002')).toMatchObject({ _tag: 'Truncated', phase: 'payload', got: 2, expected: 5 })
    expect(cut('00026869')).toMatchObject({ _tag: 'Truncated', phase: 'payload', got: 4, expected: 5 })
  })
})

describe('a trailer', () => {
  const sums = [
    ['crc8', crc8, 1],
    ['crc16modbus', crc16modbus, 2],
    ['crc32', crc32, 4],
    ['crcjam', crcjam, 6],
  ] as const

  it.each(sums)('of %s is written, checked and kept, over payload or frame [R19]', (_name, sum, width) => {
    const message = fc.uint8Array({ maxLength: 30 })
    const set = fc.record({ covers: fc.constantFrom('payload', 'frame'), endian: fc.constantFrom('big', 'little') })
    fc.assert(
      fc.property(message, set, fc.nat(), fc.integer({ min: 1, max: 255 }), (payload, { covers, endian }, at, mask) => {
        const options = { endian, magic, trailer: { checksum: sum, width, covers } }
        const wire = write(lengthPrefixed(options), payload)
        if (!(wire instanceof Uint8Array)) throw wire
        const covered = covers === 'frame' ? wire.subarray(0, wire.length - width) : payload
        const number = Buffer.from(wire.subarray(wire.length - width))
        expect(endian === 'big' ? number.readUIntBE(0, width) : number.readUIntLE(0, width)).toBe(sum(covered))
        for (const strip of ['both', 'header', 'trailer', 'none'] as const) {
          const protocol = lengthPrefixed({ ...options, strip })
          const [message = wire] = frames(protocol, wire)
          expect(write(protocol, message)).toEqual(wire)
        }
        const broken = Uint8Array.from(wire)
        const where = 6 + (at % (wire.length - 6))
        broken[where] = (broken[where] ?? 0) ^ mask
        const { error, messages } = read(lengthPrefixed(options), broken)
        // every CRC finds a burst no longer than itself
        expect(messages).toEqual([])
        expect(error).toMatchObject({ _tag: 'Malformed', what: 'the wrong checksum', offset: 0 })
      }),
    )
  })

  it('that is wrong breaks the stream, at its first wrong byte [R19]', () => {
    const fixed = read(lengthPrefixed({ width: 1, trailer: { bytes: utf8('\r\n') } }), hex('01 61 0d 00'))
    expect(fixed.error).toMatchObject({ _tag: 'Malformed', what: 'the wrong trailer', at: 3 })
    const summed = read(lengthPrefixed({ width: 2, trailer: crc }), hex('0002 6869 d8932aad'))
    expect(summed.error).toMatchObject({ _tag: 'Malformed', what: 'the wrong checksum', at: 7 })
  })

  it('may be computed as a signed number: its lowest bytes count', () => {
    const signed = { checksum: (bytes: Uint8Array) => crc32(bytes) | 0, width: 4 } as const
    expect(write(lengthPrefixed({ trailer: signed }), utf8('hi'))).toEqual(
      write(lengthPrefixed({ trailer: crc }), utf8('hi')),
    )
    const truncating = { checksum: crc32, width: 2 } as const
    expect(write(lengthPrefixed({ width: 1, trailer: truncating }), utf8('hi'))).toEqual(hex('02 6869 2aac'))
  })

  it('whose checksum is no whole number is written nowhere, and never matches [R8]', () => {
    const protocol = lengthPrefixed({ width: 1, trailer: { checksum: () => NaN, width: 1 } })
    expect(write(protocol, utf8('a'))).toMatchObject({ _tag: 'NotEncodable', what: 'its checksum is no whole number' })
    expect(read(protocol, hex('01 61 00')).error).toMatchObject({
      _tag: 'Malformed',
      what: 'the wrong checksum',
      at: 2,
    })
  })
})

describe('a message that would not be read back', () => {
  const refused: ReadonlyArray<readonly [LengthPrefixedOptions, string, string]> = [
    [{ width: 1 }, '61'.repeat(256), 'its length of 256 does not fit 1 byte'],
    [{ width: 1, lengthIncludes: 'self' }, '61'.repeat(255), 'its length of 256 does not fit 1 byte'],
    [{ adjustment: 3 }, '6162', 'its length would be -1'],
    [{ adjustment: 3 }, '', 'its length would be -3'],
    [{ width: 2, strip: 'none' }, '00', 'fewer bytes than its header and trailer take'],
    [{ width: 2, strip: 'none', lengthIncludes: 'frame' }, '00', 'fewer bytes than its header and trailer take'],
    [{ width: 2, strip: 'none' }, '0003 6869', 'its header says 3, where its length is 2'],
    [{ width: 2, strip: 'none', magic }, 'caff 0002 6869', 'it has the wrong magic number'],
    [{ width: 2, strip: 'header', trailer: etx }, '', 'fewer bytes than its header and trailer take'],
    [
      { width: 2, strip: 'header', trailer: etx, lengthIncludes: 'frame' },
      '',
      'fewer bytes than its header and trailer take',
    ],
    [{ width: 2, strip: 'header', trailer: etx }, '6869 04', 'it has the wrong trailer'],
    [{ width: 2, strip: 'none', trailer: crc }, '0002 6869 d8932aad', 'it has the wrong checksum'],
  ]
  it.each(refused)('with %o is refused: %s [R15]', (options, message, what) => {
    expect(write(lengthPrefixed(options), hex(message))).toMatchObject({ _tag: 'NotEncodable', what, fault: 'local' })
  })

  it('is refused where it is no bytes at all [R15]', () => {
    const text: unknown = 'text'
    const encode = (message: unknown) => write(lengthPrefixed(), message as Uint8Array)
    expect(encode(text)).toMatchObject({ _tag: 'NotEncodable', what: 'a value that is no Uint8Array' })
  })
})

describe('the options of lengthPrefixed()', () => {
  it('print as the expression that built it', () => {
    expect(lengthPrefixed().name).toBe('lengthPrefixed()')
    expect(lengthPrefixed({ width: 2, endian: 'little' }).name).toBe("lengthPrefixed({ width: 2, endian: 'little' })")
  })

  const widths = 'one of 1, 2, 3, 4, 6, 8'
  const wrong: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, string]> = [
    ...[0, 5, 7, 9, -1, 1.5, '4', NaN].map((width) => ['width', { width }, widths] as const),
    ['endian', { endian: 'be' }, "one of 'big', 'little'"],
    ['strip', { strip: true }, "one of 'both', 'header', 'trailer', 'none'"],
    ['strip', { offset: 1 }, "'trailer' or 'none': 1 byte in front of the length would be lost"],
    [
      'strip',
      { offset: 3, magic, strip: 'header' },
      "'trailer' or 'none': 1 byte in front of the length would be lost",
    ],
    ['lengthIncludes', { lengthIncludes: 'header' }, "one of 'payload', 'rest', 'self', 'frame'"],
    ['magic', { magic: 1 }, 'bytes'],
    ['offset', { offset: -1 }, 'a whole number from 0 on'],
    ['offset', { offset: 1, magic, strip: 'none' }, 'a whole number from 2 on'],
    ['adjustment', { adjustment: 0.5, width: 1, maxFrameBytes: 300 }, 'a whole number from -255 to 299'],
    ['adjustment', { adjustment: -256, width: 1 }, 'a whole number from -255 to 1048575'],
    ['adjustment', { adjustment: 300, width: 1, maxFrameBytes: 300 }, 'a whole number from -255 to 299'],
    ['trailer', { trailer: { checksum: 1 } }, 'bytes, or a checksum with its width'],
    ['trailer.bytes', { trailer: { bytes: 2 } }, 'bytes'],
    ['trailer.width', { trailer: { checksum: crc32 } }, 'one of 1, 2, 3, 4, 6'],
    ['trailer.width', { trailer: { checksum: crc32, width: 8 } }, 'one of 1, 2, 3, 4, 6'],
    ['trailer.covers', { trailer: { ...crc, covers: 'all' } }, "one of 'payload', 'frame'"],
    ['maxFrameBytes', { maxFrameBytes: 3 }, 'a whole number of bytes from 4 on'],
    ['maxFrameBytes', { maxFrameBytes: 10, width: 6, magic, trailer: crc }, 'a whole number of bytes from 12 on'],
    ['maxFrameBytes', { maxFrameBytes: Infinity }, 'a whole number of bytes from 4 on'],
  ]
  it.each(wrong)('refuse a wrong %s in %o at construction [R27]', (option, options, expected) => {
    const build = () => lengthPrefixed(options)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
  })

  it('are copied: the arrays they came in may change [R20]', () => {
    const mutable = Uint8Array.of(1)
    const protocol = lengthPrefixed({ width: 1, magic: mutable, trailer: { bytes: mutable } })
    mutable[0] = 9
    expect(write(protocol, utf8('a'))).toEqual(hex('01 01 61 01'))
    expect(frames(protocol, hex('01 01 61 01'))).toEqual([utf8('a')])
  })
})
