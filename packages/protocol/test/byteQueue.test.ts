import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteQueue } from '../src/index.ts'
import { byteQueue } from '../src/index.ts'

/** One thing done to a queue. */
type Act =
  | { readonly do: 'byte'; readonly value: number }
  | { readonly do: 'bytes'; readonly size: number; readonly fill: number }
  | { readonly do: 'utf8' | 'latin1'; readonly text: string; readonly times: number }
  | { readonly do: 'uintBE' | 'uintLE'; readonly value: number; readonly width: number }
  | { readonly do: 'truncate'; readonly back: number }
  | { readonly do: 'take' | 'takeParts' }

const size = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 40 }) },
  fc.nat({ max: 3000 }),
  fc.constantFrom(1023, 1024, 1025, 16_383, 16_384, 16_385, 40_000, 65_536, 70_000),
)
const width = fc.integer({ min: 1, max: 6 })
// halves of characters at either end: they must not meet those of what is written before and behind
const text = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '€', '😀', '\ud83d', '\ude00'), maxLength: 12 })
const times = fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.constantFrom(20, 22, 100, 340, 342, 1000, 3000))

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('byte' as const), value: fc.nat({ max: 511 }) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('bytes' as const), size, fill: fc.nat({ max: 255 }) }) },
  fc.record({ do: fc.constantFrom('utf8' as const, 'latin1' as const), text, times }),
  width.chain((bytes) =>
    fc.record({
      do: fc.constantFrom('uintBE' as const, 'uintLE' as const),
      value: fc.maxSafeNat().map((value) => value % 2 ** (8 * bytes)),
      width: fc.constant(bytes),
    }),
  ),
  fc.record({ do: fc.constant('truncate' as const), back: size }),
  fc.record({ do: fc.constantFrom('take' as const, 'takeParts' as const) }),
)

/** The bytes a naive queue holds after that act; taking is left to the test. */
const model = (held: Buffer, one: Act): Buffer => {
  switch (one.do) {
    case 'byte':
      return Buffer.concat([held, Uint8Array.of(one.value & 255)])
    case 'bytes':
      return Buffer.concat([held, new Uint8Array(one.size).fill(one.fill)])
    case 'utf8':
    case 'latin1':
      return Buffer.concat([held, Buffer.from(one.text.repeat(one.times), one.do)])
    case 'uintBE':
    case 'uintLE': {
      const digits = Array.from({ length: one.width }, (_, i) => Math.floor(one.value / 2 ** (8 * i)) % 256)
      return Buffer.concat([held, Uint8Array.from(one.do === 'uintLE' ? digits : digits.reverse())])
    }
    case 'truncate':
      return held.subarray(0, Math.max(0, held.length - one.back))
    case 'take':
    case 'takeParts':
      return Buffer.alloc(0)
  }
}

/** Does it, and answers what was taken. */
const perform = (queue: ByteQueue, one: Act): ReadonlyArray<Uint8Array> => {
  switch (one.do) {
    case 'byte':
      queue.byte(one.value)
      return []
    case 'bytes':
      queue.bytes(new Uint8Array(one.size).fill(one.fill))
      return []
    case 'utf8':
    case 'latin1':
      queue[one.do](one.text.repeat(one.times))
      return []
    case 'uintBE':
    case 'uintLE':
      queue[one.do](one.value, one.width)
      return []
    case 'truncate':
      queue.truncate(Math.max(0, queue.length - one.back))
      return []
    case 'take':
      return [queue.take()]
    case 'takeParts':
      return queue.takeParts()
  }
}

describe('byteQueue()', () => {
  it('holds what a plain array of bytes would, whatever is written, taken back and taken [R6]', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 24, size: 'max' }), fc.boolean(), (acts, looks) => {
        const queue = byteQueue()
        const taken: Array<{ readonly parts: ReadonlyArray<Uint8Array>; readonly bytes: Buffer }> = []
        let held: Buffer = Buffer.alloc(0)
        for (const one of [...acts, { do: 'takeParts' as const }]) {
          const parts = perform(queue, one)
          if (one.do === 'take' || one.do === 'takeParts') taken.push({ parts, bytes: held })
          held = model(held, one)
          // looking at the length encodes what waits: a queue that is looked at seldom must hold the same
          expect(queue.atMost).toBeGreaterThanOrEqual(held.length)
          if (looks) expect(queue.length).toBe(held.length)
        }
        // looked at last: nothing that was taken may be written over later (R20)
        for (const { parts, bytes } of taken) expect(Buffer.concat(parts).equals(bytes)).toBe(true)
      }),
      { numRuns: 10 * (fc.readConfigureGlobal().numRuns ?? 100) },
    )
  })

  it('keeps long pieces by reference and joins short ones [R6]', () => {
    const queue = byteQueue()
    const long = new Uint8Array(16 * 1024).fill(7)
    for (let i = 0; i < 100; i++) queue.utf8('ab')
    queue.bytes(long)
    queue.byte(1)
    queue.byte(2)
    const parts = queue.takeParts()
    expect(parts.map((part) => part.length)).toEqual([200, 16_384, 2])
    expect(parts[1]).toBe(long)
  })

  it('takes back half of a piece it keeps by reference, and leaves that piece alone [R20]', () => {
    const queue = byteQueue()
    const long = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251)
    queue.byte(1)
    queue.bytes(long)
    queue.byte(9)
    queue.truncate(10_001)
    queue.byte(3)
    expect(queue.length).toBe(10_002)
    expect(Buffer.from(queue.take())).toEqual(Buffer.from([1, ...long.subarray(0, 10_000), 3]))
    expect(long[10_000]).toBe(10_000 % 251)
  })

  it('is empty after each take, and taking nothing is no bytes', () => {
    const queue = byteQueue()
    expect(queue.takeParts()).toEqual([])
    expect(queue.take()).toHaveLength(0)
    queue.bytes(new Uint8Array(0))
    expect(queue.takeParts()).toEqual([])
    queue.byte(1)
    queue.truncate(0)
    expect(queue.takeParts()).toEqual([])
  })

  it('asks for memory only where there is something to write', () => {
    const asked: number[] = []
    const queue = byteQueue((bytes) => {
      asked.push(bytes)
      return Buffer.alloc(bytes, 0xee)
    })
    queue.bytes(new Uint8Array(0))
    queue.utf8('')
    queue.bytes(new Uint8Array(20_000))
    expect(asked).toEqual([])
    queue.byte(1)
    queue.bytes(new Uint8Array(2_000))
    expect(asked.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(8_000)
  })
})
