import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Readers, Reading } from '../src/index.ts'
import { framed } from '../src/index.ts'
import { hex, read, utf8 } from './wire.ts'

const reading = <A>(by: (readers: Readers) => Reading<A>) =>
  framed<A, never>({ name: 'reading()', read: by, encode: () => E.right(undefined), maxFrameBytes: 64 })

describe('the parts of a frame', () => {
  it('are signed integers up to the last positive and from the first negative one [R15]', () => {
    const numbers = reading(function* ({ i8, i16be, i16le, i32be, i32le }) {
      return [yield* i8, yield* i8, yield* i16be, yield* i16le, yield* i16be, yield* i32be, yield* i32le, yield* i32le]
    })
    const { messages } = read(numbers, hex('7f 80 7fff 0080 0001 7fffffff 00000080 01000000'))
    expect(messages).toEqual([[127, -128, 32_767, -32_768, 1, 2_147_483_647, -2_147_483_648, 1]])
  })

  it('say what a FIN has cut, signed integers like unsigned ones [R13]', () => {
    for (const of of ['i16be', 'u16be'] as const) {
      const one = reading(function* (readers) {
        return yield* readers[of]
      })
      expect(read(one, hex('00')).error).toMatchObject({ _tag: 'Truncated', phase: 'frame', got: 1, expected: 2 })
    }
  })

  it('are broken at the last byte that was read, and at the first where none was [R19]', () => {
    const broken = (bytes: number) =>
      reading(function* ({ take, malformed }) {
        yield* take(bytes)
        return yield* malformed('a flaw')
      })
    const odd = (bytes: number) =>
      reading(function* ({ take }) {
        yield* take(bytes)
        return yield* take(-1)
      })
    for (const one of [broken, odd]) {
      expect(read(one(0), hex('01 02 03')).error).toMatchObject({ _tag: 'Malformed', at: 0 })
      expect(read(one(3), hex('01 02 03')).error).toMatchObject({ _tag: 'Malformed', at: 2 })
    }
  })

  it('are looked through once, up to where the byte that ends them is [R4]', () => {
    const twice = reading(function* ({ until }) {
      return [Buffer.from(yield* until(0)).toString(), Buffer.from(yield* until(0)).toString()]
    })
    expect(read(twice, hex('00 61'), hex('00 00'), hex('62 00')).messages).toEqual([
      ['', 'a'],
      ['', 'b'],
    ])
  })

  it('that are fixed bytes say which differ', () => {
    const magic = reading(function* ({ literal }) {
      return yield* literal(utf8('ab'))
    })
    expect(read(magic, utf8('ax')).error).toMatchObject({
      what: 'bytes other than the ones that belong there',
      at: 1,
    })
  })
})
