import { setImmediate as turn } from 'node:timers/promises'
import { PassThrough } from 'node:stream'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromDuplex } from '../src/index.ts'
import { everything, pair } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'

nothingLeft()

/** Bytes that tell where they belong. */
const pattern = (size: number, seed: number): Buffer => Buffer.alloc(size, `${String(seed)}|${String(size)}|`)

const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 2_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 2_000, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 200_000 }) },
)

const NOTHING = new Uint8Array(0)
const ROOMY = { maxUnsentBytes: 100_000_000 }

describe('recycled memory', () => {
  it('never changes what was written: slow and fast readers get equal bytes [R4][R6]', async () => {
    const write = fc.record({ size, to: fc.nat({ max: 2 }), wait: fc.boolean(), reads: fc.boolean() })
    const writes = fc.array(write, { minLength: 20, maxLength: 60 })
    const property = fc.asyncProperty(writes, async (plan) => {
      const pairs = await Promise.all([pair(ROOMY), pair(ROOMY), pair(ROOMY)])
      const [slow] = pairs
      const reading = pairs.map(({ peer }) => everything(peer))
      const expected: Buffer[][] = [[], [], []]
      for (const [i, { size, to, wait, reads }] of plan.entries()) {
        // what had to wait leaves in between, and its memory goes to others
        if (reads) slow.peer.resume()
        else slow.peer.pause()
        const bytes = pattern(size, i)
        // what is small is copied at once, what is large is the writer's from now on
        if (pairs[to]?.connection.write(bytes)._tag === 'Right') expected[to]?.push(Buffer.from(bytes))
        if (size < 16 * 1024) bytes.fill(0)
        if (wait) await turn()
      }
      for (const { connection } of pairs) connection.end()
      slow.peer.resume()
      const got = await Promise.all(reading)
      got.forEach((text, i) => {
        const whole = Buffer.concat(expected[i] ?? []).toString()
        expect(text.length).toBe(whole.length)
        expect(text === whole).toBe(true)
      })
      giveBack()
    })
    await fc.assert(property, { numRuns: 40 })
  })

  it('holds nothing that waits for its turn to be dropped: what arrives is whole and in order [R6][R7]', async () => {
    const { connection, peer } = await pair({ whenFull: 'dropOldest', maxUnsentBytes: 64 * 1024 })
    const other = await pair(ROOMY)
    other.peer.resume()
    const reading = everything(peer)
    const message = (n: number): string => `${String(n)}:${String(n % 10).repeat((n * 37) % 12_000)}`
    let last = 0
    const write = async (): Promise<void> => {
      connection.send(lines(), message(++last))
      connection.write(NOTHING)
      other.connection.write(pattern(500, last))
      if (last % 50 === 0) await turn()
    }
    for (let round = 1; round <= 4; round++) {
      peer.pause()
      while (connection.figures.dropped < 200 * round) await write()
      peer.resume()
      for (let i = 0; i < 200; i++) await write()
    }
    connection.end()
    peer.resume()
    const arrived = (await reading).split('\n').slice(0, -1)
    const numbers = arrived.map((text) => Number.parseInt(text, 10))
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    expect(arrived.every((text, i) => text === message(numbers[i] ?? 0))).toBe(true)
    expect(numbers.at(-1)).toBe(last)
  })

  it('is not what a stream in memory still has its hands on [R20]', async () => {
    const through = new PassThrough({ highWaterMark: 1 << 20 })
    const inMemory = fromDuplex(through)
    const { connection, peer } = await pair()
    peer.resume()
    const seen: { readonly bytes: Uint8Array; readonly was: Buffer }[] = []
    const reading = inMemory.data$.subscribe((bytes) => {
      seen.push({ bytes, was: Buffer.from(bytes) })
      // a frame goes on to a socket as it is, by reference
      connection.write(bytes)
    })
    for (let i = 0; i < 12; i++) {
      for (let part = 0; part < 50; part++) inMemory.write(pattern(1_000, i * 100 + part))
      await turns(3)
      for (let part = 0; part < 50; part++) connection.write(pattern(1_000, 5_000 + i * 100 + part))
      await turns(3)
    }
    expect(seen.length).toBeGreaterThan(0)
    for (const { bytes, was } of seen) expect(was.equals(bytes)).toBe(true)
    reading.unsubscribe()
    inMemory.abort()
    connection.abort()
  })
})
