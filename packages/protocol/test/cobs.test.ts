import { drip, everyTwoWaySplit } from '@sluice/testing'
import * as independent from 'cobs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WrongOption, cobs } from '../src/index.ts'
import { frames, hex, read, toHex, utf8, write } from './wire.ts'

/** The bytes from one to another, as the examples below count them. */
const run = (from: number, to: number): string => toHex(Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i))

describe('cobs()', () => {
  // the examples of "Consistent Overhead Byte Stuffing" on Wikipedia, after Cheshire and Baker 1999, table II and III
  it.each([
    ['00', '01 01 00'],
    ['00 00', '01 01 01 00'],
    ['00 11 00', '01 02 11 01 00'],
    ['11 22 00 33', '03 11 22 02 33 00'],
    ['11 22 33 44', '05 11 22 33 44 00'],
    ['11 00 00 00', '02 11 01 01 01 00'],
    [run(0x01, 0xfe), `ff ${run(0x01, 0xfe)} 00`],
    [`00 ${run(0x01, 0xfe)}`, `01 ff ${run(0x01, 0xfe)} 00`],
    [run(0x01, 0xff), `ff ${run(0x01, 0xfe)} 02 ff 00`],
    [`${run(0x02, 0xff)} 00`, `ff ${run(0x02, 0xff)} 01 01 00`],
    [`${run(0x03, 0xff)} 00 01`, `fe ${run(0x03, 0xff)} 02 01 00`],
    ['', '01 00'],
  ])('writes and reads %s as the literature does, however it is cut [R15]', (message, wire) => {
    const bytes = hex(wire)
    expect(write(cobs(), hex(message))).toEqual(bytes)
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      expect(read(cobs(), ...chunks)).toEqual({ messages: [hex(message)], error: null })
    }
  })

  it('reads a full run with an empty one behind it, as some encoders write it', () => {
    expect(frames(cobs(), hex(`ff ${run(0x01, 0xfe)} 01 00`))).toEqual([hex(run(0x01, 0xfe))])
  })

  it('reads what an independent encoder writes, and writes what an independent decoder reads', () => {
    const piece = fc.oneof(fc.constant([0]), fc.constant([1, 2]), fc.integer({ min: 252, max: 256 }).map(ones))
    const message = fc.array(piece, { maxLength: 6 }).map((all) => Uint8Array.from(all.flat()))
    fc.assert(
      fc.property(message, (bytes) => {
        const theirs = Buffer.concat([independent.encode(Buffer.from(bytes)), Uint8Array.of(0)])
        expect(frames(cobs(), theirs)).toEqual([bytes])
        const ours = write(cobs(), bytes)
        if (!(ours instanceof Uint8Array)) throw ours
        expect(Uint8Array.from(independent.decode(Buffer.from(ours.subarray(0, -1))))).toEqual(bytes)
        expect(ours.subarray(0, -1).includes(0)).toBe(false)
      }),
    )
  })

  it('calls a frame without its zero truncated [R13]', () => {
    expect(read(cobs(), hex('01 00 02 61')).error).toMatchObject({
      _tag: 'Truncated',
      phase: 'frame',
      got: 2,
      offset: 2,
    })
  })

  it('breaks the stream where a code points beyond its frame, or nothing is before a zero [R19]', () => {
    for (const [wire, at] of [
      ['03 11 00', 0],
      ['02 11 05 22 00', 2],
      ['ff 11 00', 0],
      ['01 02 00', 1],
    ] as const) {
      const bytes = hex(`01 00 ${wire}`)
      for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
        const { messages, error } = read(cobs(), ...chunks)
        expect(messages).toEqual([utf8('')])
        const what = 'a code that points beyond its frame'
        expect(error).toMatchObject({ _tag: 'Malformed', what, at: at + 2, offset: 2 })
      }
    }
    expect(read(cobs(), hex('01 00 00')).error).toMatchObject({ what: 'nothing before the zero of a frame', at: 2 })
    expect(read(cobs({ emptyFrames: 'skip' }), hex('00 00 02 11 00 00'))).toEqual({
      messages: [hex('11')],
      error: null,
    })
  })

  it('gives a view of a frame that is one run, and a copy of any other [R20]', () => {
    const chunk = hex('03 11 22 00 02 11 02 22 00')
    const [view, copy] = frames(cobs(), chunk)
    expect([view?.buffer === chunk.buffer, copy?.buffer === chunk.buffer]).toEqual([true, false])
    expect(copy).toEqual(hex('11 00 22'))
  })
})

const ones = (length: number): number[] => Array.from({ length }, () => 1)

describe('the limit of cobs()', () => {
  it('counts codes and zero, at the borders of a full run, both ways [R16]', () => {
    for (const [message, wire] of [
      [ones(253), 255],
      [ones(254), 256],
      [ones(255), 258],
      [[...ones(254), 0], 258],
      [[...ones(253), 0], 256],
      [ones(508), 511],
      [ones(509), 513],
      [[], 2],
    ] as const) {
      const bytes = Uint8Array.from(message)
      const written = write(cobs({ maxFrameBytes: wire }), bytes)
      expect(written).toHaveLength(wire)
      expect(frames(cobs({ maxFrameBytes: wire }), written as Uint8Array)).toEqual([bytes])
      if (wire === 2) continue
      const less = cobs({ maxFrameBytes: wire - 1 })
      expect(write(less, bytes)).toMatchObject({ _tag: 'TooLong', announced: wire, limit: wire - 1, fault: 'local' })
      expect(read(less, written as Uint8Array).error).toMatchObject({
        _tag: 'TooLong',
        seen: wire - 1,
        fault: 'remote',
      })
    }
  })

  it('is 1 MiB unless chosen [R16]', () => {
    expect(write(cobs(), new Uint8Array(1_048_574))).toHaveLength(1_048_576)
    expect(write(cobs(), new Uint8Array(1_048_575))).toMatchObject({ _tag: 'TooLong', announced: 1_048_577 })
    expect(read(cobs(), new Uint8Array(1_048_576).fill(1)).error).toMatchObject({ _tag: 'TooLong', limit: 1_048_576 })
  })
})

describe('the options of cobs()', () => {
  it.each([
    ['emptyFrames', { emptyFrames: 'frame' }, "one of 'fail', 'skip'"],
    ['maxFrameBytes', { maxFrameBytes: 1 }, 'a whole number of bytes from 2 on'],
  ])('refuse a wrong %s in %o at construction [R27]', (option, options, expected) => {
    const build = () => cobs(options as object)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(expect.objectContaining({ option, expected }) as WrongOption)
  })

  it('print as the expression that built it', () => {
    expect(cobs({ emptyFrames: 'skip' }).name).toBe("cobs({ emptyFrames: 'skip' })")
  })

  it('do not make bytes of what is none [R15]', () => {
    expect(write(cobs(), 'a' as unknown as Uint8Array)).toMatchObject({ what: 'a value that is no Uint8Array' })
  })
})
