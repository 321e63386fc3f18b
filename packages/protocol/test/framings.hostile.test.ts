import { describe, expect, it } from 'vitest'
import type { Protocol } from '../src/index.ts'
import {
  berPrefixed,
  byteQueue,
  cobs,
  decimalPrefixed,
  delimited,
  fixedLength,
  lengthPrefixed,
  slip,
  varintPrefixed,
} from '../src/index.ts'
import { hex, utf8 } from './wire.ts'
import { bytesMoved } from './moved.ts'

const MiB = 1024 * 1024

/** Each framing with the least frame it has. */
const least: ReadonlyArray<readonly [string, Protocol<Uint8Array>, Uint8Array]> = [
  ['lengthPrefixed', lengthPrefixed({ width: 1 }), hex('00')],
  ['lengthPrefixed by the plain step', lengthPrefixed({ width: 3 }), hex('000000')],
  ['lengthPrefixed with a trailer', lengthPrefixed({ width: 1, trailer: { bytes: hex('03') } }), hex('00 03')],
  ['varintPrefixed', varintPrefixed(), hex('00')],
  ['berPrefixed', berPrefixed(), hex('00')],
  ['decimalPrefixed', decimalPrefixed(), utf8('0:,')],
  ['fixedLength', fixedLength(1), hex('00')],
  ['delimited', delimited(';'), utf8(';')],
  ['delimited by one of several', delimited(['\r\n', ';']), utf8(';')],
  ['delimited by lines of dots', delimited('.\r\n', { escape: 'dot-stuffing' }), utf8('.\r\n')],
  ['cobs', cobs(), hex('01 00')],
  ['slip', slip({ emptyFrames: 'frame' }), hex('c0')],
]

/** Each framing with what makes the bytes of a message hardest, for a dripped frame of about 1 MiB. */
const hard: ReadonlyArray<readonly [string, Protocol<Uint8Array>, number]> = [
  ['lengthPrefixed', lengthPrefixed(), 0],
  ['lengthPrefixed by the plain step', lengthPrefixed({ magic: hex('ca') }), 0],
  ['varintPrefixed', varintPrefixed(), 0],
  ['berPrefixed', berPrefixed(), 0],
  ['decimalPrefixed', decimalPrefixed(), 0],
  ['delimited', delimited('\0\0\0\x01'), 0],
  ['delimited by one of several', delimited(['\0\0\0\x01', '\0\x02']), 0],
  ['delimited with backslashes', delimited('\0\0\0\x01', { escape: 'backslash', maxFrameBytes: 3 * MiB }), 0],
  ['delimited with doubling', delimited('a\0', { escape: 'doubled', maxFrameBytes: 3 * MiB }), 97],
  ['cobs', cobs(), 1],
  ['slip', slip({ maxFrameBytes: 3 * MiB }), 0xdb],
]

const framed = (protocol: Protocol<Uint8Array>, message: Uint8Array): Uint8Array => {
  const out = byteQueue()
  protocol.encode(message, out)
  return out.take()
}

describe('a chunk of 1 MiB of the least frames', () => {
  it.each(least)('of %s is read in one go, without recursion [R18]', (_name, protocol, one) => {
    const count = Math.floor(MiB / one.length)
    const chunk = new Uint8Array(count * one.length)
    for (let i = 0; i < count; i++) chunk.set(one, i * one.length)
    let seen = 0
    const result = protocol.decoder().push(chunk, () => ++seen > 0)
    expect([result._tag, seen]).toEqual(['Right', count])
  })

  it.each(least)('of %s is stopped after any frame, and goes on [R3]', (_name, protocol, one) => {
    const chunk = new Uint8Array(one.length * 1000)
    for (let i = 0; i < 1000; i++) chunk.set(one, i * one.length)
    const decoder = protocol.decoder()
    let seen = 0
    const emit = () => ++seen % 10 !== 0
    decoder.push(chunk, emit)
    expect([seen, decoder.buffered]).toEqual([10, one.length * 990])
    while (decoder.buffered > 0) decoder.push(new Uint8Array(0), emit)
    expect(seen).toBe(1000)
  })
})

describe('a dripped frame', () => {
  it.each(hard)('of %s moves each byte a few times at most [R18]', (_name, protocol, fill) => {
    const wire = framed(protocol, new Uint8Array(256 * 1024).fill(fill))
    const seen: number[] = []
    const count = bytesMoved(() => {
      const decoder = protocol.decoder()
      for (let at = 0; at < wire.length; at += 16) {
        decoder.push(wire.subarray(at, at + 16), (message) => seen.push(message.length) > 0)
      }
    })
    expect(seen).toEqual([256 * 1024])
    expect(count).toBeLessThan(5 * wire.length)
  })
})

describe('a length that is only claimed', () => {
  const claims: ReadonlyArray<readonly [string, Protocol<Uint8Array>, Uint8Array]> = [
    ['lengthPrefixed', lengthPrefixed({ maxFrameBytes: 2 ** 32 }), hex('7fffffff')],
    ['lengthPrefixed by the plain step', lengthPrefixed({ width: 6, maxFrameBytes: 2 ** 50 }), hex('0000ffffffff')],
    ['varintPrefixed', varintPrefixed({ maxFrameBytes: 2 ** 32 }), hex('ffffff7f')],
    ['berPrefixed', berPrefixed({ maxFrameBytes: 2 ** 33 }), hex('84ffffffff')],
    ['decimalPrefixed', decimalPrefixed({ maxFrameBytes: 2 ** 40 }), utf8('999999999999:')],
    ['fixedLength', fixedLength(2 ** 40), hex('00')],
  ]
  it.each(claims)('costs %s no memory beyond twice what came [R16]', (_name, protocol, header) => {
    const decoder = protocol.decoder()
    const push = (bytes: Uint8Array) => decoder.push(bytes, () => true)
    push(header)
    for (let i = 0; i < 64; i++) expect(push(new Uint8Array(100))).toMatchObject({ _tag: 'Right' })
    const unread = decoder.unread()
    expect(unread).toHaveLength(header.length + 6400)
    expect(unread.buffer.byteLength).toBeLessThanOrEqual(2 * unread.length + 100)
  })

  it.each(claims)('and over the limit is refused by %s at the header [R16]', (name, _protocol, header) => {
    if (name === 'fixedLength') return
    const build = { lengthPrefixed, varintPrefixed, berPrefixed, decimalPrefixed }
    const usual = name.includes('plain') ? lengthPrefixed({ width: 6 }) : build[name as keyof typeof build]()
    expect(usual.decoder().push(header, () => true)).toMatchObject({ left: { _tag: 'TooLong', limit: MiB } })
  })
})
