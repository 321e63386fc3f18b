import * as E from 'fp-ts/lib/Either.js'
import { notEncodable } from '../internal/refusal.ts'
import type { Codec } from './codec.ts'
import { brief } from './internal/brief.ts'
import { piped } from './internal/sequence.ts'
import { total } from './internal/total.ts'
import { invalid } from './invalid.ts'

/**
 * The same codec for fewer values: others are refused, both ways. `expected` is what they should be, in a few words; a
 * guard narrows the type.
 *
 * ```
 *  wire ──▶ 'ann' ──is──▶ 'ann'       wire ──▶ '' ──is──▶ Invalid
 * ```
 *
 * `is` that throws says no.
 *
 * ```ts
 * import { refine, utf8 } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const name = pipe(utf8, refine('a name', (text) => text !== ''))
 * const empty = name.decode(Buffer.from(''))
 * console.log(empty._tag === 'Left' ? empty.left.issues[0]?.message : '') // expected a name, got ""
 * console.log(name.encode('')._tag) // Left
 * ```
 */
export function refine<A, C extends A>(
  expected: string,
  is: (value: A) => value is C,
): <Wire>(codec: Codec<Wire, A>) => Codec<Wire, C>
export function refine<A>(expected: string, is: (value: A) => boolean): <Wire>(codec: Codec<Wire, A>) => Codec<Wire, A>
export function refine<A>(expected: string, is: (value: A) => boolean) {
  return <Wire>(codec: Codec<Wire, A>): Codec<Wire, A> => {
    const accepts = total(is)
    const self: Codec<Wire, A> = {
      get name() {
        return piped(codec.name, `refine('${expected}')`)
      },
      decode: (wire, offset) => {
        const inner = codec.decode(wire, offset)
        if (E.isLeft(inner) || accepts(inner.right)) return inner
        return E.left(invalid(self.name, wire, expected, { got: brief(inner.right) }))
      },
      encode: (value) =>
        accepts(value)
          ? codec.encode(value)
          : notEncodable(self.name, value, `expected ${expected}, got ${brief(value)}`),
    }
    return self
  }
}
