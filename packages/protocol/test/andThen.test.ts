import { drip } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import * as library from '../src/index.ts'
import { andThen, lengthPrefixed, lines } from '../src/index.ts'
import { itKeepsTheLaws, pairs } from './combinatorLaws.ts'
import { read, utf8 } from './wire.ts'

describe('andThen(), of framings drawn at random, keeps the laws', () => {
  itKeepsTheLaws(
    pairs(25).map(([first, second]) => ({
      protocol: andThen(first.protocol, second.protocol),
      messages: fc
        .tuple(first.message, fc.array(second.message, { maxLength: 4 }))
        .chain(([one, others]) =>
          fc.constantFrom([], [E.left(one)], [E.left(one), ...others.map((other) => E.right(other))]),
        ),
      read: E.bimap(first.read, second.read),
      hostile: fc.tuple(first.hostile, second.hostile).map((both) => Buffer.concat(both)),
      // what is unread behind the greeting is nothing for a decoder that waits for one
      except: ['unreadBytes'] as const,
    })),
  )
})

describe('andThen()', () => {
  const greeted = andThen(lines(), lengthPrefixed())

  it('gives the rest of the chunk to the second, each byte once [R4]', () => {
    // a PROXY header fused with payload in one read
    const stream = Buffer.from('PROXY\n\0\0\0\u0002\n\n\0\0\0\u0001!')
    const messages = [E.left('PROXY'), E.right(utf8('\n\n')), E.right(utf8('!'))]
    expect(read(greeted, stream)).toEqual({ messages, error: null })
    expect(read(greeted, ...drip(stream))).toEqual({ messages, error: null })
  })

  it('hands back what neither has taken, also where the greeting was a stop [R4]', () => {
    const decoder = greeted.decoder()
    decoder.push(utf8('hi\n\0\0\0\u0001!?'), () => false)
    expect(decoder.buffered).toBe(6)
    expect(Uint8Array.from(decoder.unread())).toEqual(utf8('\0\0\0\u0001!?'))
    expect(decoder.buffered).toBe(0)
    const again = greeted.decoder()
    again.push(utf8('hi\n\0\0\0\u0001!?'), () => true)
    expect(again.buffered).toBe(1)
    expect(Uint8Array.from(again.unread())).toEqual(utf8('?'))
    const early = greeted.decoder()
    early.push(utf8('hi'), () => true)
    expect(Uint8Array.from(early.unread())).toEqual(utf8('hi'))
  })

  it('hands back the rest from inside emit, where that answers false [R4]', () => {
    const decoder = greeted.decoder()
    let rest: Uint8Array = new Uint8Array(0)
    decoder.push(utf8('hi\nrest'), () => {
      rest = decoder.unread()
      return false
    })
    expect(Uint8Array.from(rest)).toEqual(utf8('rest'))
  })

  it('counts offsets from the beginning of the stream [R19]', () => {
    const error = (text: string) => read(andThen(lines(), lines({ ending: 'strict' })), utf8(text)).error
    expect(error('ab\ncd\r\ne\n')).toMatchObject({ _tag: 'Malformed', at: 8, offset: 7 })
    expect(error('ab\ncd')).toMatchObject({ _tag: 'Truncated', offset: 3, got: 2 })
    expect(error('ab')).toMatchObject({ _tag: 'Truncated', offset: 0, got: 2 })
  })

  it('is at a border before the greeting and right behind it [R13]', () => {
    expect(read(greeted, utf8(''))).toEqual({ messages: [], error: null })
    expect(read(greeted, utf8('hi\n'))).toEqual({ messages: [E.left('hi')], error: null })
    const open = andThen(lines({ unterminated: 'line' }), lines())
    expect(read(open, utf8('hi'))).toEqual({ messages: [E.left('hi')], error: null })
  })

  it('nests: one greeting, then another, then the rest as it comes [R4]', () => {
    const three = andThen(lines(), andThen(lines({ ending: 'crlf' }), lines({ encoding: 'bytes' })))
    expect(read(three, utf8('a\nb\r\nrest\n')).messages).toEqual([
      E.left('a'),
      E.right(E.left('b')),
      E.right(E.right(utf8('rest'))),
    ])
    expect(three.name).toBe(`andThen(lines(), andThen(lines({ ending: 'crlf' }), lines({ encoding: 'bytes' })))`)
  })

  it('is no export named then, which would make a promise of the module', () => {
    expect('then' in library).toBe(false)
  })
})
