import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { imap, latin1, refine, utf8 } from '../../src/index.ts'
import { utf8 as bytesOf } from '../wire.ts'

const angry = (): never => {
  throw new Error('no')
}

describe('imap()', () => {
  const url = pipe(
    utf8,
    imap((text: string) => new URL(text), String),
  )

  it('makes other values of what a codec reads, and back [R15]', () => {
    expect(url.decode(bytesOf('a:b'))).toEqual({ _tag: 'Right', right: new URL('a:b') })
    expect(url.encode(new URL('a:b'))).toEqual({ _tag: 'Right', right: Buffer.from('a:b') })
  })

  it('leaves what the codec refuses as it is [R19]', () => {
    expect(url.decode(Uint8Array.of(0xff))).toMatchObject({ left: { codec: 'utf8', issues: [{ got: '0xff', at: 0 }] } })
    const euro = pipe(
      latin1,
      imap(
        (text: string) => text,
        (text: string) => text,
      ),
    )
    expect(euro.encode('€')).toMatchObject({ left: { what: 'a character that latin1 has not, at 0' } })
  })

  it('makes an error as a value of what a function throws [R18]', () => {
    const name = 'pipe(utf8, imap(angry))'
    const wrong = pipe(utf8, imap<string, string>(angry, angry))
    expect(wrong.name).toBe(name)
    expect(wrong.decode(bytesOf('x'))).toMatchObject({
      left: {
        codec: name,
        issues: [{ path: [], expected: name, got: '"x"', message: 'no' }],
        cause: { message: 'no' },
      },
    })
    expect(wrong.encode('x')).toMatchObject({ left: { _tag: 'NotEncodable', protocol: name, what: 'no' } })
    const unnamed = imap(
      (text: string) => text,
      (text: string) => text,
    )
    expect(unnamed(utf8).name).toBe('pipe(utf8, imap(…))')
  })
})

describe('refine()', () => {
  const short = pipe(
    utf8,
    refine('a short text', (text: string) => text.length < 3),
  )

  it('refuses both ways what it does not hold of [R15]', () => {
    expect([short.decode(bytesOf('ab')), short.encode('ab')]).toMatchObject([{ right: 'ab' }, { _tag: 'Right' }])
    expect(short.decode(bytesOf('abc'))).toMatchObject({
      left: { issues: [{ expected: 'a short text', got: '"abc"' }] },
    })
    expect(short.encode('abc')).toMatchObject({ left: { _tag: 'NotEncodable' } })
    expect(short.decode(Uint8Array.of(0xff))).toMatchObject({ left: { codec: 'utf8' } })
  })
})
