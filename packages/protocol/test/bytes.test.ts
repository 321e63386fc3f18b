import { chunkings, framesStay, silenceAfterError, survival, wholeOrNothing } from '@sluice/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteQueue, bytes } from '../src/index.ts'
import { read, utf8, write } from './wire.ts'

const runs = 10 * (fc.readConfigureGlobal().numRuns ?? 100)
const cut = fc.uint8Array({ maxLength: 64 }).chain((all) => fc.tuple(fc.constant(all), chunkings(all)))

describe('bytes()', () => {
  it('reads back the bytes it wrote, joined, however they are cut [R15]', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 6 })
    fc.assert(
      fc.property(messages, fc.infiniteStream(fc.nat({ max: 9 })), (all, sizes) => {
        const out = byteQueue()
        for (const message of all) bytes().encode(message, out)
        const wire = Uint8Array.from(out.take())
        const chunks: Uint8Array[] = []
        for (let at = 0; at < wire.length;) {
          const [size = 1] = sizes.take(1)
          chunks.push(wire.subarray(at, at + size))
          at += size
        }
        const { messages: seen, error } = read(bytes(), ...chunks)
        expect(error).toBeNull()
        expect(Buffer.concat(seen)).toEqual(Buffer.concat(all))
      }),
      { numRuns: runs },
    )
  })

  it('gives each chunk as it is, and none that is empty [R4]', () => {
    fc.assert(
      fc.property(cut, ([, chunks]) => {
        expect(read(bytes(), ...chunks).messages).toEqual(chunks.filter(({ length }) => length > 0))
      }),
      { numRuns: runs },
    )
    const chunk = utf8('ab')
    expect(read(bytes(), chunk).messages[0]).toBe(chunk)
  })

  it('keeps nothing back, and keeps the laws that know no border [R18]', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 32 }), fc.array(fc.nat({ max: 32 })), (all, chunking) => {
        const one = { bytes: all, chunking }
        expect(survival(bytes(), { ...one, maxFrameBytes: 0 })).toEqual({ _tag: 'Held' })
        expect(framesStay(bytes(), one)).toEqual({ _tag: 'Held' })
        expect(silenceAfterError(bytes(), { ...one, valid: all })).toEqual({ _tag: 'Held' })
        expect(wholeOrNothing(bytes(), { messages: [all], before: all })).toEqual({ _tag: 'Held' })
      }),
      { numRuns: runs },
    )
    const decoder = bytes().decoder()
    decoder.push(utf8('ab'), () => false)
    expect([decoder.buffered, decoder.unread()]).toEqual([0, new Uint8Array(0)])
  })

  it('refuses what is no bytes, and prints as the expression that built it [R15]', () => {
    expect(write(bytes(), 'a' as unknown as Uint8Array)).toMatchObject({
      _tag: 'NotEncodable',
      what: 'a value that is no Uint8Array',
      protocol: 'bytes()',
    })
    expect(bytes().name).toBe('bytes()')
  })
})
