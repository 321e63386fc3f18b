import type { Binary, Codec } from '@sluice/protocol'
import fc from 'fast-check'
import type { ProtocolLaw } from '../protocolLaws.ts'
import type { RunOptions } from '../internal/holds.ts'
import { holds } from '../internal/holds.ts'
import { hostileBytes, mutate, mutation } from '../mutations.ts'
import type { Law, LawResult } from '../law.ts'
import { arbitraryOf } from './arbitraryOf.ts'
import * as laws from './laws.ts'

/** What the laws need to know of a codec. */
export interface CodecLawOptions<Wire, A> extends RunOptions {
  /** Values that may be sent; every one of them must be encodable. */
  readonly value: fc.Arbitrary<A>
  /** What a peer could send, good and bad. What is made of `value` is tried as well. */
  readonly wire: fc.Arbitrary<Wire>
  /** Whether two values mean the same. Default: structure, bytes by content. */
  readonly equals?: (a: A, b: A) => boolean
  /** Anything a program might try to send. Default: anything. */
  readonly junk?: fc.Arbitrary<unknown>
}

/**
 * The laws of a codec, each a property; no test framework needed.
 *
 * ```ts
 * import { hex } from '@sluice/protocol'
 * import { codecLaws } from '@sluice/testing'
 * import fc from 'fast-check'
 * import { describe, it } from 'vitest'
 *
 * describe('hex', () => {
 *   for (const law of codecLaws(hex, { value: fc.uint8Array(), wire: fc.string() })) it(law.name, law.run)
 * })
 * ```
 *
 * | rule | law |
 * |---|---|
 * | R15 | reads back what it wrote |
 * | R15 | sends what it has read, and reads it as the same again |
 * | R15 | reads whatever it agrees to send |
 * | R18 | answers to anything, and throws at nothing |
 * | R20 | leaves what it reads as it is |
 */
export const codecLaws = <Wire, A>(
  codec: Codec<Wire, A>,
  options: CodecLawOptions<Wire, A>,
): ReadonlyArray<ProtocolLaw> => {
  const { value, wire, junk = fc.anything(), equals } = options
  const how = equals === undefined ? {} : { equals }
  const law = <C>(about: Law, cases: fc.Arbitrary<C>, predicate: (one: C) => LawResult): ProtocolLaw => ({
    name: `${about.title} [${about.rule}]`,
    run: () => holds(codec.name, about, cases, predicate, options),
  })
  return [
    law(laws.READS_BACK, value, (one) => laws.readsBack(codec, one, how)),
    law(laws.SENDS_AGAIN, wire, (one) => laws.sendsAgain(codec, one, how)),
    law(laws.AGREES, fc.oneof(junk, value), (one) => laws.agrees(codec, one)),
    law(laws.TOTAL, fc.oneof(wire, junk), (one) => laws.total(codec, one)),
    law(laws.LEAVES, wire, (one) => laws.leaves(codec, one)),
  ]
}

/**
 * The laws of a binary codec, its values and its bytes made from its own description: {@link codecLaws}, and that
 * what it writes takes as many bytes as it says (R16).
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 * import { binaryLaws } from '@sluice/testing'
 *
 * const point = binary.struct({ x: binary.i16, y: binary.i16 })
 * for (const law of binaryLaws(point, { runs: 100 })) law.run()
 * ```
 */
export const binaryLaws = <A>(
  codec: Binary<A>,
  options: Partial<CodecLawOptions<Uint8Array, A>> = {},
): ReadonlyArray<ProtocolLaw> => {
  const { value = arbitraryOf(codec), wire = bytesOf(codec, value) } = options
  const bounds: ProtocolLaw = {
    name: `${laws.BOUNDS.title} [${laws.BOUNDS.rule}]`,
    run: () => holds(codec.name, laws.BOUNDS, value, (one) => laws.bounds(codec, one), options),
  }
  return [...codecLaws(codec, { ...options, value, wire }), bounds]
}

/** Bytes of values, such bytes with up to four mutations, and any bytes. */
const bytesOf = <A>(codec: Binary<A>, value: fc.Arbitrary<A>): fc.Arbitrary<Uint8Array> => {
  const good = value.map((one) => {
    const bytes = codec.encode(one)
    return bytes._tag === 'Right' ? bytes.right : new Uint8Array(0)
  })
  const mutated = fc.tuple(good, fc.array(mutation(), { minLength: 1, maxLength: 4 }))
  return fc.oneof(
    good,
    mutated.map(([bytes, mutations]) => mutate(bytes, mutations)),
    hostileBytes(),
  )
}
