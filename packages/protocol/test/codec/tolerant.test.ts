import { protocolLaws } from '@sluice/testing'
import { right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { copied, json, jsonLines, lengthPrefixed, lines, through, tolerant, typed, utf8 } from '../../src/index.ts'
import { read, utf8 as bytesOf } from '../wire.ts'

const numbers = pipe(lengthPrefixed({ width: 1 }), through(utf8), through(json()), through(typed(t.number)))
const runs = 2 * (fc.readConfigureGlobal().numRuns ?? 100)

describe('tolerant()', () => {
  const laws = protocolLaws(tolerant(numbers), {
    runs,
    message: fc.nat(),
    read: right,
    refused: fc.constantFrom(NaN, '1' as unknown as number),
  })
  it.each(laws.map((law) => [law.name, law.run] as const))('%s', (_law, run) => {
    run()
  })

  it('makes values of what any codec refuses, each with its frame and where that begins, for every cut [R19]', () => {
    const stream = bytesOf('\x011\x01x\x03"a"\x012')
    for (let cut = 0; cut <= stream.length; cut++) {
      const { messages, error } = read(tolerant(numbers), stream.subarray(0, cut), stream.subarray(cut))
      expect(error).toBe(null)
      expect(messages).toMatchObject([
        { right: 1 },
        { left: { _tag: 'Invalid', codec: 'json()', offset: 2, frame: bytesOf('x') } },
        { left: { _tag: 'Invalid', codec: 'number', offset: 4, frame: bytesOf('"a"') } },
        { right: 2 },
      ])
    }
  })

  it('leaves errors of the framing fatal [R17]', () => {
    const { messages, error } = read(
      tolerant(pipe(lines({ maxFrameBytes: 4 }), through(json()))),
      bytesOf('x\n12345\n1\n'),
    )
    expect(messages).toMatchObject([{ left: { codec: 'json()' } }])
    expect(error).toMatchObject({ _tag: 'TooLong', offset: 2 })
  })

  it('still skips what is nothing, and may be put under further codecs', () => {
    const all = tolerant(pipe(jsonLines(), through(typed(t.number))))
    expect(read(all, bytesOf('1\n\nx\n')).messages).toMatchObject([{ right: 1 }, { left: { offset: 3 } }])
    expect(all.name).toBe('tolerant(pipe(jsonLines(), through(typed(number))))')
  })

  it('refuses what has no codec, or has something around it [R27]', () => {
    expect(() => tolerant(lines())).toThrow('tolerant(): protocol is')
    expect(() => tolerant(copied(pipe(lines(), through(json())), (value) => value))).toThrow('codec')
  })
})
