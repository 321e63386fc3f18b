import type { Binary, Protocol } from '@sluice/protocol'
import type fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { messagesOf } from './messagesOf.ts'
import { patient } from './patient.ts'
import { valuesOf } from './valuesOf.ts'

/**
 * Values of a binary codec, from the description it is read and written by: whatever it can write, and only that. Counts,
 * lengths, flags and tags that fields depend on are made to agree. Of a protocol its messages, where they are text, bytes or
 * JSON: it is asked which of them it writes, and reads back as they were.
 *
 * ```
 *  struct({ count: u8, items: list(field('count'), bool) })        { count: 2, items: [true, false] } …
 * ```
 *
 * Lists are short and recursion is shallow: it is their shapes that find errors. Throws where no value can be
 * written, as of a part that depends on a field that is not there, and for a protocol of other messages.
 *
 * ```ts
 * import { binary, lines } from '@sluice/protocol'
 * import { arbitraryOf } from '@sluice/testing'
 * import fc from 'fast-check'
 *
 * const point = binary.struct({ x: binary.i16, y: binary.i16 })
 * fc.assert(fc.property(arbitraryOf(point), ({ x, y }) => Number.isInteger(x + y)))
 * fc.assert(fc.property(arbitraryOf(lines()), (line) => !line.includes('\n')))
 * ```
 */
export const arbitraryOf = <A>(described: Binary<A> | Protocol<unknown, A>): fc.Arbitrary<A> =>
  'decoder' in described
    ? messagesOf(described)
    : // the layout says nothing of types: that its values are of type A is what the filter sees to
      patient(
        valuesOf(described.layout) as fc.Arbitrary<A>,
        (value) => isRight(described.encode(value)),
        described.name,
      )
