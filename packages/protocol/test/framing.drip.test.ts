import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { frame, framing, more, need } from '../src/index.ts'
import { bytesMoved } from './moved.ts'

describe('a dripped frame of 1 MiB', () => {
  const SIZE = 1024 * 1024

  it('costs one step per wait, and each byte is moved a few times at most [R18]', () => {
    let steps = 0
    const needing = framing<number>({
      name: 'one mebibyte',
      initial: undefined,
      step: (bytes) => {
        steps++
        return bytes.length < 8
          ? need(8, 'header')
          : bytes.length < SIZE
            ? need(SIZE, 'payload')
            : frame(bytes.length, SIZE)
      },
      encode: () => E.right(undefined),
    })
    const seen: number[] = []
    const moved = bytesMoved(() => {
      const decoder = needing.decoder()
      const one = new Uint8Array(1)
      for (let i = 0; i < SIZE; i++) decoder.push(one, (length) => seen.push(length) > 0)
    })
    expect(seen).toEqual([SIZE])
    expect(steps).toBe(3)
    expect(moved).toBeLessThan(4 * SIZE)
  })

  it('without a length is searched once [R18]', () => {
    let looked = 0
    const scanning = framing<number>({
      name: 'up to a dot',
      initial: undefined,
      step: (bytes, scanned) => {
        looked += bytes.length - scanned
        const at = bytes.indexOf(46, scanned)
        return at === -1 ? more(bytes.length, 'word') : frame(at, at + 1)
      },
      encode: () => E.right(undefined),
    })
    const decoder = scanning.decoder()
    const piece = new Uint8Array(16)
    let last = -1
    for (let i = 0; i < SIZE - 16; i += 16) decoder.push(piece, () => false)
    decoder.push(Uint8Array.of(46), (length) => (last = length) < 0)
    expect(last).toBe(SIZE - 16)
    expect(looked).toBe(SIZE - 15)
  })

  it('is kept in no more memory than the limit and one chunk [R18]', () => {
    const limit = 1000
    const chunk = new Uint8Array(7)
    const waiting = framing<never>({
      name: 'waiting()',
      maxFrameBytes: limit,
      initial: undefined,
      step: () => need(limit, 'payload'),
      encode: () => E.right(undefined),
    })
    const decoder = waiting.decoder()
    for (let fed = 0; fed + chunk.length < limit - 10; fed += chunk.length) {
      decoder.push(chunk, () => true)
    }
    const unread = decoder.unread()
    expect(unread.length).toBeGreaterThan(limit - 20)
    expect(unread.buffer.byteLength).toBeLessThanOrEqual(limit + chunk.length)
  })
})
