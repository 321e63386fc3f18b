import { protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copied, headerFramed, lengthPrefixed, lines } from '../src/index.ts'
import { utf8 } from './wire.ts'

describe('copied() keeps the laws', () => {
  const message = fc.uint8Array({ maxLength: 12 })
  const sized = {
    protocol: (maxFrameBytes: number) => copied(lengthPrefixed({ maxFrameBytes })),
    message: (bytes: number) => new Uint8Array(bytes - 4),
    from: 4,
  }
  for (const law of protocolLaws(copied(lengthPrefixed()), { message, sized })) it(law.name, law.run)
})

describe('copied()', () => {
  it('gives frames that own their bytes, and nothing more [R20]', () => {
    const chunk = Buffer.from('a\nbc\n')
    const frames: Uint8Array[] = []
    copied(lines({ encoding: 'bytes' }))
      .decoder()
      .push(chunk, (frame) => frames.push(frame) > 0)
    expect(frames).toEqual([utf8('a'), utf8('bc')])
    expect(frames.map(({ buffer }) => buffer.byteLength)).toEqual([1, 2])
    frames[0]?.fill(0)
    expect(chunk.toString()).toBe('a\nbc\n')
  })

  it('copies a Buffer too, whose own slice is a view [R20]', () => {
    const chunk = Buffer.from('ab')
    const whole = { ...lines({ encoding: 'bytes' }), decoder: () => passing }
    const passing = {
      buffered: 0,
      push: (bytes: Uint8Array, emit: (message: Uint8Array) => boolean) => {
        emit(bytes)
        return lines()
          .decoder()
          .push(new Uint8Array(0), () => true)
      },
      end: () =>
        lines()
          .decoder()
          .end(() => true),
      unread: () => new Uint8Array(0),
    }
    copied(whole)
      .decoder()
      .push(chunk, (frame) => {
        expect(frame.buffer).not.toBe(chunk.buffer)
        expect(frame).toEqual(utf8('ab'))
        return true
      })
  })

  it('copies any other message as it is told [R20]', () => {
    const protocol = copied(headerFramed(), ({ headers, body }) => ({ headers, body: body.slice() }))
    const chunk = utf8('Content-Length: 2\r\n\r\nhi')
    protocol.decoder().push(chunk, ({ body }) => {
      expect(body).toEqual(utf8('hi'))
      expect(body.buffer).not.toBe(chunk.buffer)
      return true
    })
    expect(protocol.name).toBe('copied(headerFramed())')
  })
})
