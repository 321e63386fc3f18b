import { chunkings, cutAt, dripping, protocolLaws, transcript } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Readers, Reading } from '../src/index.ts'
import { NotEncodable, WrongOption, byteQueue, framed, framing, frame, need } from '../src/index.ts'
import { hex, read, utf8 } from './wire.ts'

/** A protocol that only reads. */
const reading = <A>(by: (readers: Readers) => Reading<A>, maxFrameBytes = 64) =>
  framed<A, never>({ name: 'reading()', read: by, encode: () => E.right(undefined), maxFrameBytes })

interface Entry {
  readonly name: string
  readonly values: ReadonlyArray<Uint8Array>
}

/** `E:`, a name up to a NUL, how many values, and each behind its length. */
const entries = (maxFrameBytes = 200) =>
  framed<Entry>({
    name: 'entries()',
    maxFrameBytes,
    read: function* ({ literal, until, u8, take }) {
      yield* literal(utf8('E:'))
      const name = Buffer.from(yield* until(0, 'name')).toString('latin1')
      const values: Uint8Array[] = []
      for (let left = yield* u8; left > 0; left--) values.push(yield* take(yield* u8))
      return { name, values }
    },
    encode: ({ name, values }, out) => {
      out.latin1(`E:${name}\0`)
      if (name.includes('\0'))
        return E.left(new NotEncodable({ what: 'a NUL in the name', protocol: 'entries()', message: name }))
      out.byte(values.length)
      for (const one of values) {
        out.byte(one.length)
        out.bytes(one)
      }
      return E.right(undefined)
    },
  })

describe('framed() keeps the laws', () => {
  const values = fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 4 })
  const message = fc.record({ name: fc.constantFrom('', 'a', 'name'), values }, { noNullPrototype: true })
  const refused = fc.record({ name: fc.constantFrom('\0', 'x'.repeat(300)), values })
  const sized = {
    protocol: entries,
    message: (bytes: number) => ({ name: 'x'.repeat(bytes - 4), values: [] }),
    from: 4,
  }
  const hostile = fc.array(fc.constantFrom('E:', 'E', 'a', '\0', '\u0001', '\u0002', '\u00ff'), { maxLength: 20 })
  const options = { message, refused, sized, hostile: hostile.map((all) => utf8(all.join(''))), maxFrameBytes: 200 }
  for (const law of protocolLaws(entries(), options)) it(law.name, law.run)
})

describe('framed()', () => {
  it('reads integers of every width, either end first [R15]', () => {
    const { messages } = read(
      reading(function* (r) {
        return [
          [yield* r.u8, yield* r.i8],
          [yield* r.u16be, yield* r.u16le, yield* r.i16be, yield* r.i16le],
          [yield* r.u24be, yield* r.u24le],
          [yield* r.u32be, yield* r.u32le, yield* r.i32be, yield* r.i32le],
          [yield* r.u64be, yield* r.u64le],
        ]
      }),
      hex(
        'ff ff 0102 0102 fffe feff 010203 010203 ffffffff fffffffe ffffffff 01000080 001fffffffffffff ffffffffffff1f00',
      ),
    )
    expect(messages).toEqual([
      [
        [255, -1],
        [258, 513, -2, -2],
        [66_051, 197_121],
        [4_294_967_295, 0xfeffffff, -1, -2_147_483_647],
        [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      ],
    ])
  })

  it('refuses integers that a number does not hold, and lengths that are none [R16]', () => {
    const wide = reading(function* ({ u64be, take }) {
      return yield* take(yield* u64be)
    })
    expect(read(wide, hex('0020000000000000')).error).toMatchObject({
      _tag: 'Malformed',
      what: 'a number from 2^53 on',
    })
    expect(read(wide, hex('001fffffffffffff')).error).toMatchObject({ _tag: 'TooLong', limit: 64 })
    for (const wrong of [-1, 0.5, NaN, Infinity]) {
      const odd = reading(function* ({ u8, take }) {
        yield* u8
        return yield* take(wrong)
      })
      expect(read(odd, hex('00')).error).toMatchObject({
        _tag: 'Malformed',
        what: `a length of ${String(wrong)}`,
        at: 0,
      })
    }
  })

  it('refuses at the first byte that is not the one that belongs there [R19]', () => {
    for (const chunks of [[utf8('E:a\0\0E?')], cutAt(utf8('E:a\0\0E?'), dripping(7))]) {
      expect(read(entries(), ...chunks).error).toMatchObject({ _tag: 'Malformed', at: 6, offset: 5 })
    }
  })

  it('lets the generator say what is wrong [R19]', () => {
    const versioned = reading(function* ({ u8, malformed }) {
      const version = yield* u8
      return version === 1 ? version : yield* malformed(`version ${String(version)}, which is not 1`)
    })
    expect(read(versioned, hex('01 02'))).toMatchObject({
      messages: [1],
      error: { what: 'version 2, which is not 1', at: 1, bytes: hex('02') },
    })
  })

  it('says which part a FIN has cut [R13]', () => {
    const error = (text: string) => read(entries(), utf8(text)).error
    expect(error('E')).toMatchObject({ _tag: 'Truncated', phase: 'frame', got: 1 })
    expect(error('E:ab')).toMatchObject({ phase: 'name', got: 4 })
    expect(error('E:\0\u0001\u0005ab')).toMatchObject({ phase: 'payload', got: 7, expected: 10 })
  })

  it('refuses a frame of no bytes, which would never end [R18]', () => {
    const nothing = reading(function* () {
      return 1
    })
    expect(read(nothing, hex('00')).error).toMatchObject({ _tag: 'Malformed', what: 'a frame of no bytes' })
  })

  it('begins anew after unread, whatever the generator was doing [R4]', () => {
    const decoder = entries().decoder()
    const seen: Entry[] = []
    const emit = (one: Entry) => seen.push(one) > 0
    decoder.push(utf8('E:abc'), emit)
    expect(decoder.unread()).toEqual(utf8('E:abc'))
    decoder.push(utf8('E:x\0\0'), emit)
    expect(seen).toEqual([{ name: 'x', values: [] }])
  })

  it('begins anew after a generator that has thrown', () => {
    let broken = true
    const once = reading(function* ({ u8 }) {
      const byte = yield* u8
      if (broken) throw new Error('a mistake of the user')
      return byte
    }).decoder()
    const seen: number[] = []
    const emit = (one: number) => seen.push(one) > 0
    expect(() => once.push(hex('07'), emit)).toThrow('a mistake of the user')
    broken = false
    once.push(hex('08'), emit)
    expect(seen).toEqual([7, 8])
  })

  it('composes: a part of a frame is a function* of its own [R15]', () => {
    const text = function* ({ u8, take }: Readers) {
      return Buffer.from(yield* take(yield* u8)).toString('latin1')
    }
    const pair = reading(function* (r) {
      return [yield* text(r), yield* text(r)] as const
    })
    expect(read(pair, utf8('\u0002hi\u0001!')).messages).toEqual([['hi', '!']])
  })

  it('reads what the same framing as a step reads, error for error [R4]', () => {
    const step = framing<Uint8Array>({
      name: 'step()',
      maxFrameBytes: 20,
      initial: undefined,
      step: (bytes) => {
        if (bytes.length < 2) return need(2, 'frame')
        const total = 2 + (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
        return bytes.length < total ? need(total, 'payload') : frame(bytes.subarray(2, total), total)
      },
      encode: () => E.right(undefined),
    })
    const generator = reading(function* ({ u16be, take }) {
      return yield* take(yield* u16be)
    }, 20)
    const parts = fc.array(fc.constantFrom('0000', '0001 61', '0003 616263', '00', '0013'), { maxLength: 6 })
    const cases = parts.map((all) => hex(all.join(''))).chain((bytes) => chunkings(bytes))
    fc.assert(
      fc.property(cases, (chunks) => {
        expect(transcript(generator.decoder(), chunks)).toEqual(transcript(step.decoder(), chunks))
      }),
      { numRuns: 1000 },
    )
  })

  it('holds the limit for what encode writes, and takes it back [R16]', () => {
    const out = byteQueue()
    out.byte(1)
    expect(entries(10).encode({ name: 'x'.repeat(6), values: [] }, out)).toEqual(E.right(undefined))
    expect(entries(10).encode({ name: 'x'.repeat(7), values: [] }, out)).toMatchObject({
      left: { _tag: 'TooLong', announced: 11, limit: 10 },
    })
    expect(entries().encode({ name: '\0', values: [] }, out)).toMatchObject({ left: { _tag: 'NotEncodable' } })
    expect(out.length).toBe(11)
  })

  it.each([0, -1, 0.5, NaN, Infinity])('refuses a limit of %s [R16]', (limit) => {
    expect(() => entries(limit)).toThrow(WrongOption)
  })
})
