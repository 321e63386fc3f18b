import type { Either } from 'fp-ts/lib/Either.js'
import type { EncodeError } from '../errors.ts'
import type { Invalid } from './invalid.ts'

/**
 * What lies inside one frame ⇄ a value: total, synchronous, and without state. Where a protocol cuts a stream into
 * frames, a codec says what a frame means; `through` puts the two together.
 *
 * ```
 *            decode                    encode
 *  Wire ───────────────▶ A      B ───────────────▶ Wire
 *  7b 7d                 {}     {}                 7b 7d
 * ```
 *
 * Laws every codec obeys (`codecLaws` of `@sluice/testing` turns them into properties):
 *
 * - **R15** `decode(encode(a)) = right(a)`: an encoder refuses what its own decoder would not read back.
 * - **R15** a value that was decoded can be encoded, to something that is decoded to that value again.
 * - **R18** neither throws, whatever it is given; what a decoder allocates is at most a small multiple of its input.
 * - **R20** neither writes to what it is given. What was decoded may be a view of it.
 *
 * The first two are about codecs whose `A` and `B` are one type; a schema that transforms reads one type and sends
 * another. They hold up to what a wire cannot say: an `f32` rounds, JSON drops what is `undefined`.
 *
 * A codec may be written by hand, as any value of this shape:
 *
 * ```ts
 * import type { Codec } from '@sluice/protocol'
 * import { Invalid, lines, through } from '@sluice/protocol'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const celsius: Codec<string, number> = {
 *   name: 'celsius',
 *   decode: (text) => {
 *     if (/^-?\d{1,3}C$/.test(text)) return E.right(Number(text.slice(0, -1)))
 *     return E.left(new Invalid({ codec: 'celsius', issues: [{ path: [], expected: 'as in 20C', got: text }], frame: text }))
 *   },
 *   encode: (degrees) => E.right(`${String(degrees)}C`),
 * }
 * through(celsius)(lines()).decoder().push(Buffer.from('20C\n'), (degrees) => {
 *   console.log(degrees) // 20
 *   return true
 * })
 * ```
 *
 * @typeParam Wire what a protocol gives and takes: bytes, text, or what another codec made of them
 * @typeParam A what is read
 * @typeParam B what is sent; the same as `A` unless a schema transforms
 */
export interface Codec<Wire, A, B = A> {
  /** Prints as the expression that built it. */
  readonly name: string
  /**
   * Errors: `Invalid`, the `remote` side's fault unless it says otherwise. `offset` is where the frame begins in its
   * stream: for codecs that pass it on to others; what fails needs not to say it, `through` does.
   */
  readonly decode: (wire: Wire, offset?: number) => Either<Invalid, A>
  /** Errors: `NotEncodable`, the `local` side's fault. */
  readonly encode: (value: B) => Either<EncodeError, Wire>
}
