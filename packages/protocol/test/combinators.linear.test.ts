import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Protocol } from '../src/index.ts'
import {
  andThen,
  attempt,
  chunked,
  chunks,
  copied,
  countedAfterLine,
  either,
  firstByte,
  framed,
  headerFramed,
  lengthPrefixed,
  limited,
  lines,
  prefixed,
  skipping,
} from '../src/index.ts'
import { workOf } from './catalogue/work.ts'
import { resp } from './resp.ts'

type Any = Protocol<unknown, never>

const KIB = 1024

/** How much more work it is to read twice as much, in pieces of so many bytes. */
const doubling = (protocol: Any, stream: (bytes: number) => string, bytes: number, piece: number): number => {
  const work = (size: number) => {
    const all = Buffer.from(stream(size), 'latin1')
    return workOf(() => {
      const decoder = protocol.decoder()
      for (let at = 0; at < all.length; at += piece) {
        const result = decoder.push(all.subarray(at, at + piece), () => true)
        if (E.isLeft(result)) throw result.left
      }
    })
  }
  work(KIB)
  return work(2 * bytes) / work(bytes)
}

const times = (count: number, text: string): string => text.repeat(Math.floor(count))

/** Reads so many single bytes, one after the other. */
const single = framed<number, never>({
  name: 'single()',
  read: function* ({ u8, u32be }) {
    let sum = 0
    for (let left = yield* u32be; left > 0; left--) sum += yield* u8
    return sum
  },
  encode: () => E.right(undefined),
})

const oneByte = framed<number, never>({
  name: 'oneByte()',
  read: function* ({ u8 }) {
    return yield* u8
  },
  encode: () => E.right(undefined),
})

const be32 = (value: number): string =>
  String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)

const text = lines({ maxFrameBytes: KIB * KIB })
const mixed = firstByte({ among: { text }, choose: () => 'text', per: 'message' })
const line = (bytes: number): string => `${times(bytes, 'a')}\n`

/** One frame, made to cost much in many pieces. */
const ONE_FRAME: ReadonlyArray<readonly [string, Any, (bytes: number) => string]> = [
  ['chunked() in tiny chunks', chunked(), (bytes) => `${times(bytes / 6, '1\r\na\r\n')}0\r\n\r\n`],
  ['chunked() with a long extension', chunked(), (bytes) => `1;${times(bytes, 'x')}\r\na\r\n0\r\n\r\n`],
  ['chunked() with many trailers', chunked(), (bytes) => `0\r\n${times(bytes / 6, 'a: b\r\n')}\r\n`],
  ['chunked() with both', chunked(), (bytes) => `0;${times(bytes, 'x')}\r\n${times(bytes / 6, 'a: b\r\n')}\r\n`],
  ['chunks() with a long chunk', chunks(), (bytes) => `${bytes.toString(16)}\r\n${times(bytes, 'a')}\r\n`],
  [
    'headerFramed() with many fields',
    headerFramed({ maxHeaderBytes: 512 * KIB }),
    (bytes) => `${times(bytes / 6, 'a: b\r\n')}Content-Length: 0\r\n\r\n`,
  ],
  [
    'countedAfterLine() with a long line',
    countedAfterLine({ count: () => null, maxLineBytes: KIB * KIB }),
    (bytes) => `${times(bytes, 'a')}\r\n`,
  ],
  [
    'nested() with many elements',
    resp({ maxElements: 1e6 }),
    (bytes) => `*${String(Math.floor(bytes / 4))}\r\n${times(bytes / 4, ':1\r\n')}`,
  ],
  [
    'nested() with much depth',
    resp({ maxElements: 1e6, maxDepth: 1e6 }),
    (bytes) => `${times(bytes / 4, '*1\r\n')}*0\r\n`,
  ],
  ['nested() with a long line', resp(), (bytes) => `*1\r\n+${times(bytes, 'a')}\r\n`],
  ['framed() of single bytes', single, (bytes) => `${be32(bytes)}${times(bytes, 'a')}`],
  ['andThen()', andThen(text, text), line],
  ['prefixed()', prefixed(text, text), (bytes) => line(bytes) + line(bytes)],
  [
    'either() per connection',
    either(headerFramed({ maxHeaderBytes: 512 * KIB }), text),
    (bytes) => `a: ${line(bytes)}`,
  ],
  ['either() per message', either(lengthPrefixed({ maxFrameBytes: 64 }), text, { per: 'message' }), line],
  ['firstByte() per message', mixed, line],
  ['attempt()', attempt(text), line],
  ['copied()', copied(lengthPrefixed()), (bytes) => be32(bytes) + times(bytes, 'a')],
]

describe.each(ONE_FRAME)('%s', (_, protocol, stream) => {
  it('does less than 2.3 times the work for twice the bytes, dripped [R18]', () => {
    expect(doubling(protocol, stream, 8 * KIB, 1)).toBeLessThan(2.3)
  })

  it('does less than 2.3 times the work for twice the bytes, in pieces of 100 [R18]', () => {
    expect(doubling(protocol, stream, 32 * KIB, 100)).toBeLessThan(2.3)
  })
})

const counted = lengthPrefixed({ width: 1 })
const byMessage = firstByte({ among: { counted }, choose: () => 'counted', per: 'message' })

/** The smallest frame there is. */
const TINY: ReadonlyArray<readonly [string, Any, string]> = [
  ['chunked()', chunked(), '0\r\n\r\n'],
  ['chunks()', chunks(), '0\r\n\r\n'],
  ['countedAfterLine()', countedAfterLine({ count: () => null, ending: 'lf' }), '\n'],
  ['headerFramed()', headerFramed({ lengthHeader: 'L' }), 'L:0\r\n\r\n'],
  ['nested()', resp(), '*0\r\n'],
  ['framed()', oneByte, '\0'],
  ['prefixed()', prefixed(counted, counted), '\0\0'],
  ['firstByte() per message', byMessage, '\0'],
  ['either() per message', either(counted, counted, { per: 'message' }), '\0'],
  ['andThen()', andThen(counted, counted), '\0'],
  ['attempt()', attempt(lines()), '\n'],
  ['skipping()', skipping(attempt(lines()), { onSkipped: () => undefined }), '\n'],
  ['copied()', copied(counted), '\0'],
  ['limited()', limited(counted, { framesPerDispatch: 1e6 }), '\0'],
]

describe.each(TINY)('%s, of the smallest frames,', (_, protocol, frame) => {
  it('reads a million in one chunk, and stops where it is told to [R18]', () => {
    const decoder = protocol.decoder()
    const all = Buffer.from(frame.repeat(1e6), 'latin1')
    let count = 0
    expect(decoder.push(all, () => ++count !== 10)).toEqual(E.right(undefined))
    expect(count).toBe(10)
    decoder.push(new Uint8Array(0), () => ++count > 0)
    expect(count).toBe(1e6)
    expect(decoder.buffered).toBe(0)
  })
})
