import { dripping, cutAt, transcript } from '@sluice/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { TooLong, frame, framing, refuse } from '../src/index.ts'

/** Frames of one byte; a zero is refused, and so is a FIN behind any frame. */
const choosy = framing<number, number, boolean>({
  name: 'choosy()',
  initial: false,
  step: (bytes, _scanned, _state, offset) =>
    bytes[0] === 0
      ? refuse(new TooLong({ limit: 3, seen: 3, bytes: bytes.slice(0, 1), offset, fault: 'remote' }))
      : frame(bytes[0] ?? 0, 1, true),
  end: (_bytes, begun, offset) =>
    begun
      ? refuse(new TooLong({ limit: 4, seen: 4, bytes: new Uint8Array(0), offset, fault: 'remote' }))
      : { _tag: 'Nothing' },
  encode: () => E.right(undefined),
})

describe('a step that refuses', () => {
  it('breaks the stream with its own error, for ever, however it is cut [R17]', () => {
    const bytes = Uint8Array.of(1, 2, 0, 3)
    for (const cuts of [[], dripping(4)]) {
      const { messages, outcome } = transcript(choosy.decoder(), cutAt(bytes, cuts))
      expect(messages).toEqual([1, 2])
      expect(outcome).toMatchObject({ error: { _tag: 'TooLong', limit: 3, offset: 2 } })
    }
    const decoder = choosy.decoder()
    const first = decoder.push(Uint8Array.of(0), () => true)
    expect(decoder.push(Uint8Array.of(1), () => true)).toBe(first)
    expect(decoder.end(() => true)).toBe(first)
    expect(decoder.buffered).toBe(0)
  })

  it('may do so at the end too [R13]', () => {
    expect(transcript(choosy.decoder(), []).outcome).toEqual({ _tag: 'Well' })
    const { outcome } = transcript(choosy.decoder(), [Uint8Array.of(1)])
    expect(outcome).toMatchObject({ error: { _tag: 'TooLong', limit: 4, offset: 1 } })
  })
})
