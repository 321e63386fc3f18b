import type { Decoder, Protocol } from '@sluice/protocol'
import { lengthPrefixed } from '@sluice/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LawBroken, framesStay, draw, protocolLaws, whatBreaks, verifyProtocol } from '../src/index.ts'

const good = lengthPrefixed({ width: 1, maxFrameBytes: 16 })
const message = fc.uint8Array({ maxLength: 8 })

/** The failures of a protocol, by rule, the first of each. */
const failures = (protocol: Protocol<Uint8Array>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const law of protocolLaws(protocol, { message, maxFrameBytes: 16, runs: 200, seed: 7 })) {
    try {
      law.run()
    } catch (error) {
      if (!(error instanceof LawBroken)) throw error
      if (!found.has(error.law.rule)) found.set(error.law.rule, error.drawing)
    }
  }
  return found
}

const emitting = (change: (frame: Uint8Array) => Uint8Array): Protocol<Uint8Array> => ({
  ...good,
  decoder: (): Decoder<Uint8Array> => {
    const inner = good.decoder()
    return {
      get buffered() {
        return inner.buffered
      },
      push: (chunk, emit) => inner.push(chunk, (frame) => emit(change(frame))),
      end: (emit) => inner.end(emit),
      unread: () => inner.unread(),
    }
  },
})

describe('the law kit', () => {
  it('catches a decoder whose frames are views of a buffer that it uses again [R20]', () => {
    const slab = new Uint8Array(16)
    const thrifty = emitting((frame) => {
      slab.set(frame)
      return slab.subarray(0, frame.length)
    })
    expect(failures(thrifty).get('R20')).toMatch(/emitted Uint8Array\(.*\n {2}later it was Uint8Array\(.*\n {2}bytes/)
    const alone = framesStay(thrifty, { bytes: Uint8Array.of(1, 0, 1, 1), chunking: [] })
    expect(alone._tag === 'Broken' ? draw(alone) : '').toMatch(
      /emitted Uint8Array\(1\) \[ 0 \]\n {2}later it was Uint8Array\(1\) \[ 1 \]\n {2}bytes {2}01 00 01 01/,
    )
  })

  it('catches a decoder that waits for as much as a length announces [R18]', () => {
    const gullible = { ...good, decoder: lengthPrefixed({ width: 1, maxFrameBytes: 256 }).decoder }
    expect(failures(gullible).get('R18')).toMatch(/17 bytes held after chunk \d+, at most 16 expected/)
  })

  it('compares objects that have no prototype as any others [R15]', async () => {
    const message = fc.record({ a: fc.constant(1) })
    const json: Protocol<{ readonly a: number }> = {
      name: 'constant',
      encode: (_one, out) => good.encode(Uint8Array.of(1), out),
      decoder: () => {
        const inner = good.decoder()
        return {
          get buffered() {
            return inner.buffered
          },
          push: (chunk, emit) => inner.push(chunk, () => emit({ a: 1 })),
          end: (emit) => inner.end(() => emit({ a: 1 })),
          unread: () => inner.unread(),
        }
      },
    }
    expect(await whatBreaks(() => verifyProtocol(json, { message, maxFrameBytes: 16, runs: 50 }))).toBe(null)
  })

  it('throws on what is no broken law', async () => {
    const odd = whatBreaks(() => {
      throw new Error('something else')
    })
    await expect(odd).rejects.toThrow('something else')
  })
})
