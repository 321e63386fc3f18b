import { protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import type { Codec, Invalid, Protocol } from '../../src/index.ts'
import {
  andThen,
  attempted,
  binary,
  byteQueue,
  compose,
  hex,
  json,
  jsonLines,
  lengthPrefixed,
  lines,
  skipping,
  through,
  typed,
  utf8,
} from '../../src/index.ts'
import { read, utf8 as bytesOf } from '../wire.ts'

const jsonFrames = pipe(lengthPrefixed({ width: 2 }), through(utf8), through(json()))
/** JSON reads `-0` and writes `0`. */
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const anyJson = fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
/** A law of a FIN goes through every byte of a stream: fewer will do. */
const runs = 2 * (fc.readConfigureGlobal().numRuns ?? 100)
const refused = fc.constantFrom<unknown>(undefined, 1n, () => 1, JSON.parse('{"__proto__":1}'))

const subjects = {
  'frames of JSON': () => protocolLaws(jsonFrames, { runs, message: anyJson, equals: same, refused }),
  'jsonLines()': () => protocolLaws(jsonLines(), { runs, message: anyJson, equals: same, refused }),
  'lines of hexadecimal': () => protocolLaws(pipe(lines(), through(hex)), { runs, message: fc.uint8Array() }),
  'frames of a struct': () =>
    protocolLaws(pipe(lengthPrefixed(), through(binary.struct({ a: binary.u8, b: binary.utf8(binary.u8) }))), {
      runs,
      message: fc.record({ a: fc.nat({ max: 255 }), b: fc.string({ unit: 'binary' }) }, { noNullPrototype: true }),
      refused: fc.constantFrom({ a: 256, b: '' }, { a: 1, b: '\ud800' }),
    }),
  'attempted JSON': () =>
    protocolLaws(pipe(lines(), through(attempted(json()))), {
      runs,
      message: fc.nat(),
      read: (right) => ({ _tag: 'Right', right }),
      refused: fc.constantFrom(1n as unknown as number),
    }),
}

describe.each(Object.entries(subjects))('%s', (_name, laws) => {
  it.each(laws().map((law) => [law.name, law.run] as const))('%s', (_law, run) => {
    run()
  })
})

const invalidOf = (error: unknown): Invalid => error as Invalid

describe('through()', () => {
  it('is named as the expression that built it', () => {
    expect(jsonFrames.name).toBe('pipe(lengthPrefixed({ width: 2 }), through(utf8), through(json()))')
    const User = t.type({ id: t.number }, 'User')
    expect(pipe(jsonLines({ maxDepth: 3 }), through(attempted(typed(User)))).name).toBe(
      'pipe(jsonLines({ maxDepth: 3 }), through(attempted(typed(User))))',
    )
    expect(through(pipe(utf8, compose(json())))(lengthPrefixed()).name).toBe(
      'pipe(lengthPrefixed(), through(pipe(utf8, compose(json()))))',
    )
  })

  it('says where the frame begins that is no message, and what it was, for every cut [R19]', () => {
    const stream = bytesOf('1\r\n\n"é"\r\n"é"\nx é\r\n2\n')
    for (let cut = 0; cut <= stream.length; cut++) {
      const chunks = [stream.subarray(0, cut), stream.subarray(cut)]
      const empty = invalidOf(read(pipe(lines(), through(json())), ...chunks).error)
      expect(empty).toMatchObject({ _tag: 'Invalid', offset: 3, frame: '', fault: 'remote' })
      // empty lines are skipped here, so that is where the frame behind them begins
      const later = invalidOf(read(jsonLines(), ...chunks).error)
      expect(later).toMatchObject({ offset: 15, frame: 'x é', issues: [{ expected: 'a value', at: 0 }] })
    }
  })

  it('says of codecs in a row what the first of them was given [R19]', () => {
    const error = invalidOf(read(jsonFrames, Buffer.from('000131000178', 'hex')).error)
    expect(error.offset).toBe(3)
    expect(error.frame).toEqual(Uint8Array.of(0x78))
  })

  it('counts from the beginning of the stream behind another protocol too, and after unread [R19]', () => {
    const second = andThen(lines(), jsonLines())
    expect(read(second, bytesOf('hello\n1\n?\n')).error).toMatchObject({ _tag: 'Invalid', offset: 8 })
    const decoder = jsonLines().decoder()
    decoder.push(bytesOf('1\n[2'), () => true)
    expect(Buffer.from(decoder.unread()).toString()).toBe('[2')
    expect(decoder.push(bytesOf('?\n'), () => true)).toMatchObject({ left: { offset: 4 } })
  })

  it('repeats its first error, and keeps nothing behind it [R17][R18]', () => {
    const decoder = jsonLines().decoder()
    const seen: unknown[] = []
    const emit = (one: unknown) => seen.push(one) > 0
    const first = decoder.push(bytesOf('1\nx\n2\n3'), emit)
    expect(first).toMatchObject({ left: { _tag: 'Invalid' } })
    expect([decoder.push(bytesOf('4\n'), emit), decoder.end(emit)]).toEqual([first, first])
    expect([seen, decoder.buffered]).toEqual([[1], 0])
  })

  it('goes on behind what is no message where that is attempted, and skipping drops it [R19]', () => {
    const skipped: number[] = []
    const tolerant = pipe(jsonLines(), through(attempted(typed(t.number))))
    const numbers = skipping(tolerant, { onSkipped: ({ offset }) => skipped.push(offset) })
    expect(read(numbers, bytesOf('1\n"x"\n2\n')).messages).toEqual([1, 2])
    expect(skipped).toEqual([2])
  })

  it('writes nothing where the codec refuses, or the framing [R8]', () => {
    const out = byteQueue()
    const short = pipe(lines({ maxFrameBytes: 4 }), through(json()))
    expect(short.encode(1n, out)).toMatchObject({ left: { _tag: 'NotEncodable', fault: 'local' } })
    expect(short.encode('long', out)).toMatchObject({ left: { _tag: 'TooLong' } })
    expect(out.length).toBe(0)
  })

  it('takes a copy of a protocol for what it is: another', () => {
    const plain = pipe(lines(), through(json()))
    const copy: Protocol<unknown> = { ...plain, decoder: () => through(doubled)(plain).decoder() }
    expect(copy.name).toBe('pipe(lines(), through(json()))')
    expect(read(through(doubled)(copy), bytesOf('1\n')).messages).toEqual([4])
  })
})

const doubled: Codec<unknown, unknown> = {
  name: 'doubled',
  decode: (value) => E.right(2 * Number(value)),
  encode: (value) => E.right(Number(value) / 2),
}
