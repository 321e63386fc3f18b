import { drip, everyTwoWaySplit } from '@sluice/testing'
import fc from 'fast-check'
import * as independent from 'slip'
import { describe, expect, it } from 'vitest'
import { WrongOption, slip } from '../src/index.ts'
import { frames, hex, read, utf8, write } from './wire.ts'

describe('slip()', () => {
  // RFC 1055: END is 192, ESC is 219; ESC_END 220 and ESC_ESC 221 stand for them behind an ESC
  it.each([
    ['61 62', '61 62 c0'],
    ['c0', 'db dc c0'],
    ['db', 'db dd c0'],
    ['dc dd', 'dc dd c0'],
    ['61 c0 62 db', '61 db dc 62 db dd c0'],
    ['db dc', 'db dd dc c0'],
    ['db c0 db c0', 'db dd db dc db dd db dc c0'],
  ])('writes and reads %s as RFC 1055 does, however it is cut [R15]', (message, wire) => {
    const bytes = hex(wire)
    expect(write(slip(), hex(message))).toEqual(bytes)
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      expect(read(slip(), ...chunks)).toEqual({ messages: [hex(message)], error: null })
    }
    expect(write(slip({ leadingEnd: true }), hex(message))).toEqual(hex(`c0 ${wire}`))
  })

  it('skips an END that ends nothing, as the receiver of RFC 1055 does, or takes it for an empty frame', () => {
    const bytes = hex('c0 c0 61 c0 c0 62 c0')
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      expect(read(slip(), ...chunks)).toEqual({ messages: ['a', 'b'].map(utf8), error: null })
      const all = read(slip({ emptyFrames: 'frame' }), ...chunks)
      expect(all).toEqual({ messages: ['', '', 'a', '', 'b'].map(utf8), error: null })
    }
    const refused = { _tag: 'NotEncodable', what: 'it is empty, and reading skips that' }
    expect(write(slip(), utf8(''))).toMatchObject(refused)
    expect(write(slip({ emptyFrames: 'frame' }), utf8(''))).toEqual(hex('c0'))
  })

  it('breaks the stream at what stands behind an escape and may not [R19]', () => {
    for (const [wire, at] of [
      ['db 61 c0', 1],
      ['61 db db c0', 2],
      ['db c0', 1],
      ['db dc db 00 c0', 3],
    ] as const) {
      const bytes = hex(`62 c0 ${wire}`)
      for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
        const { messages, error } = read(slip(), ...chunks)
        expect(messages).toEqual([utf8('b')])
        expect(error).toMatchObject({ _tag: 'Malformed', what: 'an escape that is none', at: at + 2, offset: 2 })
      }
    }
  })

  it('reads what an independent encoder writes, and writes what an independent decoder reads', () => {
    const byte = fc.constantFrom(0, 0x61, 0xc0, 0xdb, 0xdc, 0xdd)
    const message = fc.array(byte, { minLength: 1, maxLength: 20 }).map((all) => Uint8Array.from(all))
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.boolean(), (all, leadingEnd) => {
        const theirs = Buffer.concat(all.map((one) => Uint8Array.from(independent.encode(one))))
        expect(frames(slip(), theirs)).toEqual(all)
        const seen: Uint8Array[] = []
        const decoder = new independent.Decoder({ onMessage: (one) => seen.push(Uint8Array.from(one)) })
        for (const one of all) decoder.decode(write(slip({ leadingEnd }), one) as Uint8Array)
        expect(seen).toEqual(all)
      }),
    )
  })

  it('calls a frame without its END truncated [R13]', () => {
    expect(read(slip(), hex('61 c0 62')).error).toMatchObject({ _tag: 'Truncated', phase: 'frame', got: 1, offset: 2 })
  })

  it('gives a view of a frame without escapes, and a copy of any other [R20]', () => {
    const chunk = hex('61 62 c0 db dc c0')
    expect(frames(slip(), chunk).map(({ buffer }) => buffer === chunk.buffer)).toEqual([true, false])
  })
})

describe('the limit of slip()', () => {
  it('counts escapes and ENDs, both ways [R16]', () => {
    for (const [message, wire] of [
      ['61 62 63', 4],
      ['c0', 3],
      ['c0 db', 5],
    ] as const) {
      const fits = slip({ maxFrameBytes: wire })
      const written = write(fits, hex(message)) as Uint8Array
      expect(written).toHaveLength(wire)
      expect(frames(fits, written)).toEqual([hex(message)])
      const less = slip({ maxFrameBytes: wire - 1 })
      expect(write(less, hex(message))).toMatchObject({ _tag: 'TooLong', announced: wire, fault: 'local' })
      expect(read(less, written.subarray(0, wire - 1)).error).toMatchObject({ _tag: 'TooLong', seen: wire - 1 })
    }
    const led = slip({ leadingEnd: true, maxFrameBytes: 3 })
    expect(write(led, utf8('a'))).toHaveLength(3)
    expect(write(led, utf8('ab'))).toMatchObject({ _tag: 'TooLong', announced: 4 })
  })

  it('is 1 MiB unless chosen [R16]', () => {
    expect(write(slip(), new Uint8Array(1_048_575))).toHaveLength(1_048_576)
    expect(write(slip(), new Uint8Array(1_048_576))).toMatchObject({ _tag: 'TooLong', announced: 1_048_577 })
    expect(read(slip(), new Uint8Array(1_048_576)).error).toMatchObject({ _tag: 'TooLong', limit: 1_048_576 })
  })
})

describe('the options of slip()', () => {
  it.each([
    ['emptyFrames', { emptyFrames: 'fail' }, "one of 'skip', 'frame'"],
    ['leadingEnd', { leadingEnd: 1 }, 'true or false'],
    ['leadingEnd', { leadingEnd: true, emptyFrames: 'frame' }, 'false, where an END alone is an empty frame'],
    ['maxFrameBytes', { maxFrameBytes: 1 }, 'a whole number of bytes from 2 on'],
    ['maxFrameBytes', { maxFrameBytes: 2, leadingEnd: true }, 'a whole number of bytes from 3 on'],
    ['maxFrameBytes', { maxFrameBytes: 0, emptyFrames: 'frame' }, 'a whole number of bytes from 1 on'],
  ])('refuse a wrong %s in %o at construction [R27]', (option, options, expected) => {
    const build = () => slip(options as object)
    expect(build).toThrow(WrongOption)
    const given: unknown = Reflect.get(options, option)
    expect(build).toThrow(expect.objectContaining({ option, given, expected }) as WrongOption)
  })

  it('print as the expression that built it', () => {
    expect(slip({ leadingEnd: true }).name).toBe('slip({ leadingEnd: true })')
  })

  it('do not make bytes of what is none [R15]', () => {
    expect(write(slip(), 'a' as unknown as Uint8Array)).toMatchObject({ what: 'a value that is no Uint8Array' })
  })
})
