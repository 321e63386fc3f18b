import { describe, expect, it } from 'vitest'
import type { ByteQueue } from '../src/index.ts'
import { byteQueue } from '../src/index.ts'

const KIB = 1024

/** A queue, and the sizes of the slabs it asked for. */
const watched = (): { readonly queue: ByteQueue; readonly asked: ReadonlyArray<number> } => {
  const asked: number[] = []
  const queue = byteQueue((bytes) => {
    asked.push(bytes)
    return Buffer.allocUnsafeSlow(bytes)
  })
  return { queue, asked }
}

const filled = (bytes: number, value = 1): Uint8Array => new Uint8Array(bytes).fill(value)

const sizes = (queue: ByteQueue): ReadonlyArray<number> => queue.takeParts().map((part) => part.length)

describe('byteQueue() and memory [R6]', () => {
  it('asks for none until there is a byte to keep', () => {
    const { queue, asked } = watched()
    queue.utf8('')
    queue.latin1('')
    queue.bytes(new Uint8Array(0))
    expect(asked).toEqual([])
    expect(queue.takeParts()).toEqual([])
    expect(queue.take()).toHaveLength(0)
  })

  it('doubles a slab from 1 KiB to 64 KiB as it is outgrown, and its bytes stay one part', () => {
    const { queue, asked } = watched()
    for (let written = 0; written < 64 * KIB; written += 512) queue.bytes(filled(512))
    expect(asked).toEqual([1, 2, 4, 8, 16, 32, 64].map((size) => size * KIB))
    expect(sizes(queue)).toEqual([64 * KIB])
  })

  it('closes a slab of 64 KiB when it is full, and begins another of that size', () => {
    const { queue, asked } = watched()
    for (let written = 0; written < 65 * KIB; written += 512) queue.bytes(filled(512))
    expect(asked.slice(-2)).toEqual([64 * KIB, 64 * KIB])
    expect(sizes(queue)).toEqual([64 * KIB, KIB])
  })

  it('fills a slab to its last byte before it asks for more', () => {
    const { queue, asked } = watched()
    queue.bytes(filled(1000))
    queue.bytes(filled(24))
    expect(asked).toEqual([KIB])
    queue.byte(0)
    expect(asked).toEqual([KIB, 2 * KIB])
    expect(sizes(queue)).toEqual([1025])
  })

  it('asks for as much as a write needs, where doubling gives less', () => {
    const { queue, asked } = watched()
    queue.bytes(filled(10))
    queue.bytes(filled(5000))
    expect(asked).toEqual([KIB, 5010])
  })

  it('keeps bytes from 16 KiB on as they are: the same array, alone', () => {
    const { queue } = watched()
    const long = filled(16 * KIB)
    queue.bytes(long)
    expect(queue.take()).toBe(long)
    queue.bytes(filled(16 * KIB - 1))
    expect(queue.take()).not.toBe(long)
  })

  it.each([
    [16 * KIB - 1, [16 * KIB]],
    [16 * KIB, [1, 16 * KIB]],
  ])('keeps latin1 text of %i characters as parts of %j bytes', (length, parts) => {
    const { queue } = watched()
    queue.byte(1)
    queue.latin1('x'.repeat(length))
    expect(sizes(queue)).toEqual(parts)
  })

  it('makes room for the most bytes that utf8 text may have, unless it may have 16 KiB', () => {
    const short = watched()
    short.queue.utf8('x'.repeat(5461))
    expect(short.asked).toEqual([3 * 5461])
    const long = watched()
    long.queue.utf8('x'.repeat(5462))
    expect(long.asked).toEqual([5462])
    long.queue.utf8('\u20ac'.repeat(5462))
    expect(sizes(long.queue)).toEqual([5462, 3 * 5462])
  })

  it('reads nothing into text of that size: its bytes are those of its encoding', () => {
    const { queue } = watched()
    queue.latin1('\xe9'.repeat(16 * KIB))
    expect(queue.take()).toEqual(Buffer.alloc(16 * KIB, 0xe9))
    queue.utf8('\xe9'.repeat(6000))
    expect(queue.take()).toEqual(Buffer.from('\xe9'.repeat(6000)))
  })

  it('takes back whole parts and half ones, and leaves none that is empty', () => {
    const write = () => {
      const { queue } = watched()
      for (const value of [1, 2, 3]) queue.bytes(filled(16 * KIB, value))
      return queue
    }
    const within = write()
    within.truncate(10)
    expect(within.length).toBe(10)
    expect(within.take()).toEqual(filled(10))
    const atBorder = write()
    atBorder.truncate(32 * KIB)
    expect(sizes(atBorder)).toEqual([16 * KIB, 16 * KIB])
    const toNothing = write()
    toNothing.truncate(0)
    expect(sizes(toNothing)).toEqual([])
  })

  it('writes where it has taken back: no slab is lost by it', () => {
    const { queue, asked } = watched()
    queue.bytes(filled(16 * KIB))
    queue.bytes(filled(1000))
    queue.truncate(16 * KIB)
    queue.bytes(filled(1000, 2))
    expect(asked).toEqual([KIB])
    expect(sizes(queue)).toEqual([16 * KIB, 1000])
  })
})
