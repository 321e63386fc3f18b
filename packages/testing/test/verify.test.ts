import { mapAsync } from '@sluice/net'
import { binary, hex, lines } from '@sluice/protocol'
import fc from 'fast-check'
import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import {
  LawBroken,
  hostileStreams,
  schedules,
  showSchedule,
  verifyBinary,
  verifyCodec,
  verifyHandler,
  verifyOperator,
  verifyProtocol,
  verifyTransport,
} from '../src/index.ts'
import { memoryPair } from './support/memoryPair.ts'

const message = fc.stringMatching(/^[a-z]{0,4}$/)

describe('verify…()', () => {
  it('says nothing where every law holds', async () => {
    verifyProtocol(lines(), { message, runs: 20 })
    verifyCodec(hex, { value: fc.uint8Array(), wire: fc.string(), runs: 20 })
    verifyBinary(binary.struct({ x: binary.u8 }), { runs: 20 })
    await verifyOperator(() => mapAsync(2, async (n: number) => Promise.resolve(n)), { value: fc.nat(), inFlight: 1, runs: 5 }) // prettier-ignore
    await verifyHandler(lines(), () => map((line) => line), { message, runs: 3 })
    await verifyTransport(memoryPair, { runs: 2 })
  })

  it('stops at the first that does not, with what repeats it', async () => {
    const doubled = map((line: string) => line + line)
    let count = 0
    const verified = verifyHandler(lines(), () => map((line) => line + String(count++)), {
      message,
      runs: 30,
      name: 'counting',
    })
    const error: unknown = await verified.then(() => null, (thrown: unknown) => thrown) // prettier-ignore
    expect(error).toBeInstanceOf(LawBroken)
    if (!(error instanceof LawBroken)) return
    const { seed, path, subject, law } = error
    expect([subject, law.rule]).toEqual(['counting', 'R4'])
    expect(error.message).toContain(`repeat it with { seed: ${String(seed)}, path: ${JSON.stringify(path)} }`)
    await verifyHandler(lines(), () => doubled, { message, runs: 3, seed })
  })
})

describe('schedules()', () => {
  const bytes = Buffer.from('ab\ncd\n')
  const some = fc.sample(schedules(fc.constant(bytes)), { numRuns: 500, seed: 1 })

  it('keep the bytes in their order, cut off where they end', () => {
    for (const one of some) {
      const chunks = one.flatMap((happening) => (happening._tag === 'Chunk' ? [happening.bytes] : []))
      expect(bytes.toString().startsWith(Buffer.concat(chunks).toString())).toBe(true)
      const end = one.findIndex(({ _tag }) => _tag === 'Fin' || _tag === 'Reset' || _tag === 'Leave')
      expect([-1, one.length - 1]).toContain(end)
    }
  })

  it('have all there is to happen, and are readable', () => {
    expect(new Set(some.flatMap((one) => one.map(({ _tag }) => _tag))).size).toBe(7)
    const all = [{ _tag: 'Chunk', bytes }, { _tag: 'Wait', ms: 3 }, { _tag: 'Stall' }, { _tag: 'Fin' }] as const
    expect(showSchedule(all)).toBe("'ab\\ncd\\n', wait 3 ms, stall, FIN")
    expect(showSchedule([])).toBe('nothing')
  })
})

describe('hostileStreams()', () => {
  it('are valid now and then, and broken now and then', () => {
    const outcomes = fc
      .sample(hostileStreams(lines({ maxFrameBytes: 16 }), message), { numRuns: 200, seed: 1 })
      .map((bytes) => {
        const decoder = lines({ maxFrameBytes: 16 }).decoder()
        const pushed = decoder.push(bytes, () => true)
        return pushed._tag === 'Left' ? pushed.left._tag : decoder.end(() => true)._tag
      })
    expect(new Set(outcomes)).toEqual(new Set(['Right', 'Left', 'TooLong', 'Malformed']))
  })
})
