import { codecLaws, hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Codec } from '../../src/index.ts'
import { ascii, base64, base64url, hex, latin1, utf8 } from '../../src/index.ts'

/** The one issue of a wire that is refused. */
const issue = <W>(codec: Pick<Codec<W, unknown>, 'decode'>, wire: W) => {
  const result = codec.decode(wire)
  return result._tag === 'Left' ? result.left.issues[0] : result
}

const upTo = (highest: number) =>
  fc.array(fc.nat({ max: highest })).map((codes) => codes.map((code) => String.fromCharCode(code)).join(''))
const digits = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123abcdABCDzZ+/-_=') }), fc.base64String())

describe.each([
  ['utf8', () => codecLaws(utf8, { value: fc.string({ unit: 'binary' }), wire: hostileBytes() })],
  ['latin1', () => codecLaws(latin1, { value: upTo(0xff), wire: hostileBytes() })],
  ['ascii', () => codecLaws(ascii, { value: upTo(0x7f), wire: hostileBytes() })],
  ['hex', () => codecLaws(hex, { value: fc.uint8Array(), wire: digits })],
  ['base64', () => codecLaws(base64, { value: fc.uint8Array(), wire: digits })],
  ['base64url', () => codecLaws(base64url, { value: fc.uint8Array(), wire: digits })],
] as const)('%s', (_name, laws) => {
  it.each(laws().map((law) => [law.name, law.run] as const))('%s', (_law, run) => {
    run()
  })
})

describe('utf8', () => {
  it('reads exactly what a strict TextDecoder reads [R5]', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    fc.assert(
      fc.property(hostileBytes(), (bytes) => {
        const result = utf8.decode(bytes)
        if (isRight(result)) expect(result.right).toBe(strict.decode(bytes))
        else expect(() => strict.decode(bytes)).toThrow()
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    [[0x68, 0xff], 1, '0xff'],
    [[0xc3], 0, '0xc3'],
    [[0x61, 0xe2, 0x82, 0x61], 1, '0xe2'],
    [[0xc3, 0xa9, 0xed, 0xa0, 0x80], 2, '0xed'],
  ])('says where %j is none [R19]', (bytes, at, got) => {
    expect(issue(utf8, Uint8Array.from(bytes))).toMatchObject({ expected: 'UTF-8', at, got })
  })

  it('refuses to send half a character [R15]', () => {
    expect(utf8.encode('a\ud800')).toMatchObject({ left: { _tag: 'NotEncodable' } })
  })
})

describe('latin1 and ascii', () => {
  it('refuse what they have not, and say where [R15][R19]', () => {
    expect(latin1.encode('a€')).toMatchObject({ left: { what: 'a character that latin1 has not, at 1' } })
    expect(ascii.encode('é')).toMatchObject({ left: { what: 'a character that ASCII has not, at 0' } })
    expect(issue(ascii, Uint8Array.of(0x61, 0x80))).toMatchObject({ expected: 'ASCII', got: '0x80', at: 1 })
  })
})

describe('hex and base64', () => {
  it.each([
    [hex, 'caf', 3, 'two digits for each byte'],
    [hex, 'cafx', 3, 'a hexadecimal digit'],
    [base64, 'QQ', 2, 'base64 in groups of four characters'],
    [base64, 'Q===', 1, 'base64 in groups of four characters'],
    [base64, 'QQ=\n', 2, 'base64 in groups of four characters'],
    [base64, 'QUI=QUI=', 3, 'base64 in groups of four characters'],
    [base64, 'QR==', 1, 'zero bits behind the last byte'],
    [base64url, 'QR', 1, 'zero bits behind the last byte'],
    [base64url, 'Q', 1, 'another character: one is less than a byte'],
    [base64url, 'QQ==', 2, 'a character of base64url'],
    [base64, 'Q-_Q', 1, 'base64 in groups of four characters'],
  ] as const)('$0.name refuses $1 at its fault [R19]', (codec, text, at, expected) => {
    expect(issue(codec, text)).toMatchObject({ at, expected })
  })

  it('reads either case, and writes lower [R15]', () => {
    expect(hex.decode('CAfe')).toEqual({ _tag: 'Right', right: Buffer.from([0xca, 0xfe]) })
    expect(hex.encode(Uint8Array.of(0xca, 0xfe))).toEqual({ _tag: 'Right', right: 'cafe' })
  })
})
