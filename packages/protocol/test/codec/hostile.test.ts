import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnyBinary, Binary } from '../../src/index.ts'
import { binary } from '../../src/index.ts'
import { hex } from '../wire.ts'
import { reads } from './support.ts'

const {
  bool,
  bytes,
  cstring,
  field,
  lazy,
  list,
  listUntil,
  optional,
  rest,
  sized,
  struct,
  tuple,
  u16,
  u32,
  u64,
  u8,
  utf8,
} = binary
const { variant, varint } = binary

interface Nested {
  readonly more: ReadonlyArray<Nested>
}
const nested: Binary<Nested> = struct({
  more: list(
    u8,
    lazy(() => nested, { maxDepth: 128 }),
  ),
})
const other: Binary<Nested> = struct({
  more: list(
    rest,
    lazy(() => other),
  ),
})

/** Each with bytes that claim as much as can be claimed. */
const CLAIMS: ReadonlyArray<readonly [string, AnyBinary & Pick<Binary<unknown>, 'decode'>, string]> = [
  ['bytes(u32)', bytes(u32), 'ffffffff'],
  ['bytes(u64)', bytes(u64), '001fffffffffffff'],
  ['utf8(varint)', utf8(varint), 'ffffffffffffff0f'],
  ['list(u32, u8)', list(u32, u8), 'ffffffff00'],
  ['list(u32, optional(field))', struct({ f: bool, all: list(u32, optional(field('f'), u8)) }), '00ffffffff'],
  ['list(u64, struct of nothing much)', list(u64, struct({ a: bytes(u8) })), '001fffffffffffff00'],
  ['sized(u32)', sized(u32, bytes(rest)), 'ffffffff'],
  ['field(u32)', struct({ n: u32, all: list(field('n'), u64) }), 'ffffffff'],
  ['listUntil', listUntil('\0', u16), 'ffffffff'],
  ['cstring', cstring, 'ffff'],
]

/** What is allocated while something runs, as far as V8 and its buffers know. */
const allocated = (run: () => unknown): number => {
  const now = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  globalThis.gc?.()
  const before = now()
  run()
  return now() - before
}

describe('a length that is only claimed', () => {
  it.each(CLAIMS)('costs %s nothing: it is refused where it stands [R16][R18]', (_name, codec, digits) => {
    const frame = hex(digits)
    codec.decode(frame)
    const grown = allocated(() => {
      for (let i = 0; i < 100; i++) expect(codec.decode(frame)._tag).toBe('Left')
    })
    // errors have stacks: some KiB each
    expect(grown / 100).toBeLessThan(64 * 1024)
  })
})

describe('a frame of 256 KiB made to hurt', () => {
  const SIZE = 256 * 1024
  const frame = (fill: number, head = '') => {
    const all = new Uint8Array(SIZE).fill(fill)
    all.set(hex(head))
    return all
  }
  /** Each takes the whole frame, in as many values as it can. */
  const MANY: ReadonlyArray<readonly [string, Pick<Binary<unknown>, 'decode'>, Uint8Array]> = [
    ['list(rest, u8)', list(rest, u8), frame(1)],
    ['list(rest, bool)', list(rest, bool), frame(0)],
    ['list(rest, bytes(u8))', list(rest, bytes(u8)), frame(0)],
    ['list(rest, utf8(u8))', list(rest, utf8(u8)), frame(0)],
    ['list(rest, struct)', list(rest, struct({ a: u8 })), frame(0)],
    ['list(rest, tuple)', list(rest, tuple(u8)), frame(0)],
    ['list(rest, variant)', list(rest, variant(u8, { a: [0, struct({})] })), frame(0)],
    ['listUntil', listUntil('\u0001', u8), frame(0).fill(1, SIZE - 1)],
    ['list(u32, varint)', list(u32, varint), frame(0, (SIZE - 4).toString(16).padStart(8, '0'))],
  ]

  it.each(MANY)('makes of %s no more than a small multiple of it [R18]', (_name, codec, all) => {
    let result: unknown
    const grown = allocated(() => (result = codec.decode(all)))
    expect(result).toMatchObject({ _tag: 'Right' })
    // an object or a view for every byte: about a hundred bytes each
    expect(grown).toBeLessThan(256 * SIZE)
  })
})

describe('what contains itself', () => {
  it('is read to its bound, and no stack is exhausted [R18]', () => {
    expect(reads(nested, '01'.repeat(128) + '00')).not.toBeInstanceOf(Array)
    expect(reads(nested, '01'.repeat(129) + '00')).toMatchObject([expect.stringContaining('at most 128 levels')])
    expect(reads(nested, '01'.repeat(100_000))).toMatchObject([expect.stringContaining('at most 128 levels')])
    expect(reads(other, '00')).toMatchObject([expect.stringContaining('at most 32 levels')])
  })

  it('is linear work, however it branches [R18]', () => {
    // every node has two children, as long as there are bytes: a full tree, the last levels of leaves
    const full = (levels: number): string => (levels === 0 ? '00' : `02${full(levels - 1)}${full(levels - 1)}`)
    expect(reads(nested, full(14))).not.toBeInstanceOf(Array)
  })
})

describe('any bytes', () => {
  const codecs = [...CLAIMS.map(([, codec]) => codec), nested, other]
  it('are an answer of every codec, and never an exception [R18]', () => {
    fc.assert(
      fc.property(hostileBytes(200), (all) => {
        for (const codec of codecs) expect(codec.decode(all)._tag).toMatch(/^(Left|Right)$/)
      }),
      { numRuns: 1000 },
    )
  })

  it('that are none are refused too', () => {
    for (const wrong of ['text', null, undefined, 1, [1, 2], new Uint16Array(2)]) {
      expect(u8.decode(wrong as unknown as Uint8Array)).toMatchObject({ left: { _tag: 'Invalid' } })
    }
  })
})
