import * as messagePack from '@msgpack/msgpack'
import { codecLaws, hostileBytes } from '@sluice/testing'
import * as cborg from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BinaryLibrary } from '../../src/index.ts'
import { cbor, msgpack } from '../../src/index.ts'

/** What both can say, and read back as it was. */
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array().map((bytes) => Uint8Array.from(bytes)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'), tie('value'), { maxKeys: 3, noNullPrototype: true }), // prettier-ignore
  ),
})).value

const libraries = { msgpack: msgpack(messagePack), cbor: cbor({ encode: (all) => cborg.encode(all), decode: (all) => cborg.decode(all) as unknown }) } // prettier-ignore

describe.each(Object.entries(libraries))('%s', (_name, codec) => {
  const wire = fc.oneof(value.map((one) => { const bytes = codec.encode(one); return bytes._tag === 'Right' ? bytes.right : Uint8Array.of() }), hostileBytes(24)) // prettier-ignore
  const all = codecLaws(codec, { value, wire, junk: value })
  // what such a library decodes of other bytes it may write in another way, or not at all
  const kept = all.filter(({ name }) => !name.startsWith('sends what it has read'))
  it.each(kept.map((law) => [law.name, law.run] as const))('%s', (_law, run) => {
    run()
  })
})

describe('msgpack() and cbor()', () => {
  it('make errors as values of what the library throws [R18]', () => {
    expect(libraries.msgpack.decode(Buffer.from('c1', 'hex'))).toMatchObject({
      left: { _tag: 'Invalid', codec: 'msgpack' },
    })
    expect(libraries.cbor.decode(Buffer.from('ff', 'hex'))).toMatchObject({ left: { _tag: 'Invalid', codec: 'cbor' } })
    expect(libraries.msgpack.encode(() => 1)).toMatchObject({ left: { _tag: 'NotEncodable' } })
  })

  it('refuse what a library writes that is no bytes', () => {
    const odd = msgpack({ encode: () => 'text', decode: () => 1 } as unknown as BinaryLibrary)
    expect(odd.encode(1)).toMatchObject({ left: { _tag: 'NotEncodable' } })
  })
})
