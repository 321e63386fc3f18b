import type { Protocol } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FullPolicy } from '../src/index.ts'
import { Writer } from '../src/writer.ts'
import { Kernel } from './support/kernel.ts'

const EVENTS = { backlog: () => undefined, dropped: () => undefined, overflowed: () => undefined }
const PIECE = 8192

/** A message that says which it is and how long, written in pieces; each byte tells whose it is. */
interface Numbered {
  readonly number: number
  readonly size: number
}
const byteOf = (number: number): number => number % 251

const numbered: Protocol<never, Numbered> = {
  name: 'numbered',
  decoder: () => {
    throw new Error('nothing is read here')
  },
  encode: ({ number, size }, out) => {
    out.uintBE(number, 4)
    out.uintBE(size, 4)
    if (size % 3 === 0) for (let at = 0; at < size; at += 200) out.latin1(textOf(number, Math.min(200, size - at)))
    else for (let at = 0; at < size; at += PIECE) out.bytes(bytesOf(number, Math.min(PIECE, size - at)))
    return E.right(undefined)
  },
}
const bytesOf = (number: number, size: number): Uint8Array => new Uint8Array(size).fill(byteOf(number))
const textOf = (number: number, size: number): string => String.fromCharCode(byteOf(number)).repeat(size)

/** The numbers of the messages a peer has read, in order; every byte of them is looked at. */
const read = (bytes: Buffer): number[] => {
  const numbers: number[] = []
  let at = 0
  while (at < bytes.length) {
    const number = bytes.readUInt32BE(at)
    const size = bytes.readUInt32BE(at + 4)
    at += 8 + size
    if (at > bytes.length || !bytes.subarray(at - size, at).equals(bytesOf(number, size))) {
      throw new Error(`message ${String(number)} is damaged`)
    }
    numbers.push(number)
  }
  return numbers
}

const peer = (whenFull: FullPolicy) => {
  const kernel = new Kernel()
  const writer = new Writer(kernel, { whenFull, highWaterMark: 65_536, maxUnsentBytes: 200_000 }, EVENTS)
  kernel.drained = () => {
    writer.drained()
  }
  return { kernel, writer, written: [] as number[] }
}

// with its header, one of them fills the memory of one slab to its last byte
const size = fc.oneof({ weight: 6, arbitrary: fc.nat({ max: 3000 }) }, fc.constantFrom(20_000, 65_528, 65_529, 100_000))
const act = fc.record({
  to: fc.nat({ max: 2 }),
  do: fc.oneof(
    { weight: 4, arbitrary: fc.record({ size }) },
    fc.constantFrom('flush' as const, 'nothing' as const),
    { weight: 1, arbitrary: fc.constant('keep' as const) },
    fc.record({ take: fc.oneof(fc.nat({ max: 5000 }), fc.nat({ max: 150_000 })) }),
  ),
})

describe('memory that goes from one writer to the next', () => {
  it.each(['fail', 'dropNewest', 'dropOldest'] as const)(
    "never changes what is still to be taken: whole messages, in order, with whenFull '%s' [R4][R6][R7]",
    (whenFull) => {
      const property = fc.property(fc.array(act, { maxLength: 80, size: 'max' }), (acts) => {
        const peers = [peer(whenFull), peer(whenFull), peer(whenFull)]
        for (const [number, one] of acts.entries()) {
          const { kernel, writer, written } = peers[one.to] ?? peer(whenFull)
          if (one.do === 'flush') writer.flush()
          else if (one.do === 'keep') kernel.copies = false
          else if (one.do === 'nothing') writer.write(NOTHING, undefined)
          else if ('take' in one.do) kernel.take(one.do.take)
          else if (E.isRight(writer.write(numbered, { number, size: one.do.size }))) written.push(number)
        }
        for (const { kernel, writer, written } of peers) {
          writer.flush()
          while (writer.unsentBytes > 0) kernel.take(1_000_000)
          const arrived = read(kernel.bytes)
          const empty = acts.filter((one) => one.do === 'nothing').length
          expect(arrived.length + writer.dropped).toBeGreaterThanOrEqual(written.length)
          expect(arrived.length + writer.dropped).toBeLessThanOrEqual(written.length + empty)
          expect(written.filter((number) => arrived.includes(number))).toEqual(arrived)
          if (whenFull === 'dropOldest') expect(arrived.at(-1)).toBe(written.at(-1))
        }
      })
      fc.assert(property, { numRuns: 4 * (fc.readConfigureGlobal().numRuns ?? 100) })
    },
  )
})

/** A message of no bytes at all. */
const NOTHING: Protocol<never, undefined> = { ...numbered, encode: () => E.right(undefined) }
