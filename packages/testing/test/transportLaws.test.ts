import type { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { LawBroken, loopback, transportLaws } from '../src/index.ts'
import { MemoryStream, memoryPair } from './support/memoryPair.ts'

const failures = async (makePair: () => readonly [Duplex, Duplex]): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>()
  for (const law of transportLaws(makePair, { runs: 10, seed: 3, patienceMs: 100 })) {
    try {
      await law.run()
    } catch (error) {
      if (!(error instanceof LawBroken)) throw error
      found.set(error.law.title, error.drawing)
    }
  }
  return found
}

describe('the laws of a transport hold', () => {
  const tcp = async () => {
    const { client, server } = await loopback()
    return [client, server] as const
  }
  for (const law of transportLaws(tcp, { name: 'TCP', runs: 8 })) it(`of TCP: ${law.name}`, law.run)
  for (const law of transportLaws(memoryPair, { name: 'memory', runs: 8 })) it(`of memory: ${law.name}`, law.run)
})

describe('the law kit catches a transport that', () => {
  const pairOf = (make: () => MemoryStream) => (): readonly [Duplex, Duplex] => memoryPair(make(), make())

  it('loses a byte [R4]', async () => {
    class Lossy extends MemoryStream {
      override deliver(chunk: Buffer): boolean {
        return super.deliver(chunk.length > 4 ? chunk.subarray(1) : chunk)
      }
    }
    const found = await failures(pairOf(() => new Lossy()))
    expect(found.get('carries every byte once and in order, both ways at once')).toMatch(
      /5 bytes sent, 4 received, the first difference at \d\n {2}bytes {2}(?:[0-9a-f]{2} ?){5}\n/,
    )
  })

  it('takes an end for the end of both sides [R2]', async () => {
    class Whole extends MemoryStream {
      override _final(done: () => void): void {
        super._final(done)
        this.push(null)
      }
    }
    const found = await failures(pairOf(() => new Whole()))
    expect(found.get('lets one side end while the other goes on')).toContain('its input is over as well')
  })

  it('takes any amount that nobody reads [R7]', async () => {
    class Bottomless extends MemoryStream {
      override deliver(chunk: Buffer): boolean {
        super.deliver(chunk)
        return true
      }
    }
    const found = await failures(pairOf(() => new Bottomless()))
    expect(found.get('is full before long where nobody reads')).toMatch(/\d+ bytes were taken, and nobody reads them/)
  })

  it('makes an end of a break [R10]', async () => {
    class Gentle extends MemoryStream {
      override broken(): void {
        this.push(null)
      }
    }
    const found = await failures(pairOf(() => new Gentle()))
    expect(found.get('tells a break from an end')).toContain('to the other that was an end like any other')
  })
})
