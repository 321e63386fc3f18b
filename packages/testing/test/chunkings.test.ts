import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chunking,
  chunkings,
  cut,
  cutAt,
  drip,
  dripping,
  everyTwoWaySplit,
  mutate,
  mutation,
  offsetView,
  offsetViews,
} from '../src/index.ts'

const abcd = Buffer.from('abcd')
const texts = (chunks: ReadonlyArray<Uint8Array>) => chunks.map((chunk) => Buffer.from(chunk).toString())

describe('cutting bytes', () => {
  it('cuts at positions, in any order, twice for an empty chunk, and not beyond the ends', () => {
    expect(texts(cutAt(abcd, []))).toEqual(['abcd'])
    expect(texts(cutAt(abcd, [3, 1]))).toEqual(['a', 'bc', 'd'])
    expect(texts(cutAt(abcd, [2, 2, 9, -1]))).toEqual(['ab', '', 'cd'])
    expect(texts(cutAt(abcd, [0, 4]))).toEqual(['', 'abcd', ''])
  })

  it('cuts into sizes, the rest last', () => {
    expect(texts(cut(abcd, [1, 2]))).toEqual(['a', 'bc', 'd'])
    expect(texts(cut(abcd, [9]))).toEqual(['abcd'])
  })

  it('drips one byte at a time, and splits in two everywhere', () => {
    expect(texts(drip(abcd))).toEqual(['a', 'b', 'c', 'd'])
    expect(texts(drip(Buffer.alloc(0)))).toEqual([''])
    expect(dripping(0)).toEqual([])
    expect(everyTwoWaySplit(abcd).map(texts)).toEqual([
      ['', 'abcd'],
      ['a', 'bcd'],
      ['ab', 'cd'],
      ['abc', 'd'],
      ['abcd', ''],
    ])
  })

  it('loses and doubles no byte, whatever the chunking [R4]', () => {
    const cases = fc.uint8Array({ maxLength: 40 }).chain((bytes) => fc.tuple(fc.constant(bytes), chunkings(bytes)))
    fc.assert(fc.property(cases, ([bytes, chunks]) => Buffer.concat(chunks).equals(bytes)))
  })

  it('shrinks to the cuts that matter', () => {
    const found = fc.check(
      fc.property(chunking({ maxBytes: 20 }), (cuts) => !cuts.includes(7)),
      { numRuns: 2000, seed: 1 },
    )
    expect(found.counterexample).toEqual([[7]])
  })
})

describe('offset views', () => {
  it('hold the chunk amid foreign bytes, as a Buffer and as a plain array in turns', () => {
    const views = offsetViews([abcd, abcd, abcd])
    expect(texts(views.map(({ chunk }) => chunk))).toEqual(['abcd', 'abcd', 'abcd'])
    expect(views.map(({ chunk }) => Buffer.isBuffer(chunk))).toEqual([true, false, true])
    for (const { chunk } of views) {
      expect(chunk.byteOffset).toBeGreaterThan(0)
      expect(chunk.buffer.byteLength).toBeGreaterThan(chunk.byteOffset + chunk.length)
    }
  })

  it('tell when the chunk, or what lies beside it, was written to [R20]', () => {
    const inside = offsetView(abcd)
    const beside = offsetView(abcd)
    expect([inside.intact(), beside.intact()]).toEqual([true, true])
    inside.chunk[0] = 0
    new Uint8Array(beside.chunk.buffer)[0] = 1
    expect([inside.intact(), beside.intact()]).toEqual([false, false])
    expect(abcd.toString()).toBe('abcd')
  })
})

describe('mutations', () => {
  it('do what the table says', () => {
    const after = (...mutations: Parameters<typeof mutate>[1]) =>
      Buffer.from(mutate(abcd, mutations)).toString('latin1')
    expect(after({ _tag: 'Flip', at: 1, mask: 0x80 })).toBe('a\xe2cd')
    expect(after({ _tag: 'Delete', at: 1, count: 2 })).toBe('ad')
    expect(after({ _tag: 'Duplicate', at: 1, count: 2 })).toBe('abcbcd')
    expect(after({ _tag: 'Insert', at: 1, bytes: Uint8Array.of(13, 10) })).toBe('a\r\nbcd')
    expect(after({ _tag: 'Cut', at: 7 })).toBe('abc')
    expect(after({ _tag: 'Swap', at: 0, other: 2 })).toBe('cbad')
    expect(after({ _tag: 'Cut', at: 2 }, { _tag: 'Duplicate', at: 0, count: 1 })).toBe('aab')
  })

  it('apply to any stream, the empty one too, and leave it as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9 }), fc.array(mutation(), { maxLength: 4 }), (bytes, mutations) => {
        const before = Buffer.from(bytes)
        expect(mutate(bytes, mutations)).toBeInstanceOf(Uint8Array)
        expect(before.equals(bytes)).toBe(true)
      }),
    )
  })
})
