import { drip, everyTwoWaySplit } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { WrongOption, fixedLength } from '../src/index.ts'
import { read, utf8, write } from './wire.ts'

describe('fixedLength()', () => {
  it('cuts a stream into frames of one size, however it comes [R15]', () => {
    const bytes = utf8('abcdefghi')
    for (const chunks of [[bytes], drip(bytes), ...everyTwoWaySplit(bytes)]) {
      expect(read(fixedLength(3), ...chunks)).toEqual({ messages: ['abc', 'def', 'ghi'].map(utf8), error: null })
    }
    expect(read(fixedLength(1), utf8('ab')).messages).toEqual([utf8('a'), utf8('b')])
  })

  it('calls a rest truncated, and says how much was expected [R13]', () => {
    const { messages, error } = read(fixedLength(4), utf8('abcdef'))
    expect(messages).toEqual([utf8('abcd')])
    expect(error).toMatchObject({
      _tag: 'Truncated',
      phase: 'frame',
      got: 2,
      expected: 4,
      offset: 4,
      bytes: utf8('ef'),
    })
  })

  it('refuses a message of any other size [R15]', () => {
    const what = (bytes: number) => ({
      _tag: 'NotEncodable',
      what: `it has ${String(bytes)} bytes, where every frame has 3`,
      protocol: 'fixedLength(3)',
    })
    expect(write(fixedLength(3), utf8('abc'))).toEqual(utf8('abc'))
    for (const size of [0, 2, 4, 100]) expect(write(fixedLength(3), new Uint8Array(size))).toMatchObject(what(size))
    expect(write(fixedLength(3), 'abc' as unknown as Uint8Array)).toMatchObject({
      what: 'a value that is no Uint8Array',
    })
  })

  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 53, '3', undefined])('refuses %o bytes at construction [R27]', (bytes) => {
    const build = () => fixedLength(bytes as number)
    expect(build).toThrow(WrongOption)
    expect(build).toThrow(
      expect.objectContaining({ option: 'bytes', given: bytes, expected: 'a whole number from 1 on' }) as WrongOption,
    )
  })

  it('prints as the expression that built it', () => {
    expect(fixedLength(16).name).toBe('fixedLength(16)')
  })
})
