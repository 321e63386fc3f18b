import * as E from 'fp-ts/lib/Either.js'
import { NO_BYTES, notEncodable } from '../internal/refusal.ts'
import type { Codec } from './codec.ts'
import { brief } from './internal/brief.ts'
import { reasonOf } from './internal/reason.ts'
import { Invalid } from './invalid.ts'

/** What {@link msgpack} and {@link cbor} want of a library. */
export interface BinaryLibrary {
  readonly encode: (value: unknown) => Uint8Array
  readonly decode: (bytes: Uint8Array) => unknown
}

/**
 * MessagePack by a library of your choice: its `encode` and `decode`, wrapped so that what they throw is an error as a
 * value. Sluice brings none, so none is installed for whoever needs none.
 *
 * ```
 *  81 a1 61 01   ⇄   { a: 1 }
 * ```
 *
 * Proven with `@msgpack/msgpack` 3. Limits on what a message may claim are the library's options; with that one,
 * `new Decoder({ maxArrayLength: … })` and the like.
 *
 * Errors while decoding: `Invalid`, with what the library threw as its cause. While encoding: `NotEncodable`.
 *
 * ```ts
 * import { decode, encode } from '@msgpack/msgpack'
 * import { lengthPrefixed, msgpack, through } from '@sluice/protocol'
 *
 * const messages = through(msgpack({ encode, decode }))(lengthPrefixed())
 * messages.decoder().push(Buffer.from('0000000481a16101', 'hex'), (message) => {
 *   console.log(message) // { a: 1 }
 *   return true
 * })
 * ```
 */
export const msgpack = (library: BinaryLibrary): Codec<Uint8Array, unknown> => byLibrary('msgpack', library)

/**
 * CBOR by a library of your choice, as {@link msgpack} does it. Proven with `cborg` 6.
 *
 * ```
 *  a1 61 61 01   ⇄   { a: 1 }
 * ```
 *
 * ```ts
 * import { cbor } from '@sluice/protocol'
 * import { decode, encode } from 'cborg'
 *
 * console.log(cbor({ encode, decode }).decode(Buffer.from('a1616101', 'hex'))) // { _tag: 'Right', right: { a: 1 } }
 * ```
 */
export const cbor = (library: BinaryLibrary): Codec<Uint8Array, unknown> => byLibrary('cbor', library)

const byLibrary = (name: string, { encode, decode }: BinaryLibrary): Codec<Uint8Array, unknown> => ({
  name,
  decode: (bytes) => {
    try {
      return E.right(decode(bytes))
    } catch (cause) {
      const issue = { path: [], expected: name, got: brief(bytes), message: reasonOf(cause) }
      return E.left(new Invalid({ codec: name, issues: [issue], frame: bytes, cause }))
    }
  },
  encode: (value) => {
    try {
      const bytes = encode(value)
      return bytes instanceof Uint8Array ? E.right(bytes) : notEncodable(name, value, NO_BYTES)
    } catch (cause) {
      return notEncodable(name, value, reasonOf(cause))
    }
  },
})
