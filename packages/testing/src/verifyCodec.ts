import type { Binary, Codec } from '@sluice/protocol'
import type { CodecLawOptions } from './codec/codecLaws.ts'
import { binaryLaws, codecLaws } from './codec/codecLaws.ts'

/**
 * Runs every law of a codec, one after the other, and throws `LawBroken` at the first that does not hold. Where each law
 * is to be a test of its own, use {@link codecLaws}.
 *
 * ```ts
 * import { hex } from '@sluice/protocol'
 * import { verifyCodec } from '@sluice/testing'
 * import fc from 'fast-check'
 *
 * verifyCodec(hex, { value: fc.uint8Array(), wire: fc.string(), runs: 200 })
 * ```
 */
export const verifyCodec = <Wire, A>(codec: Codec<Wire, A>, options: CodecLawOptions<Wire, A>): void => {
  for (const law of codecLaws(codec, options)) law.run()
}

/**
 * As {@link verifyCodec}, for a binary codec: its description says which values there are, and which bytes.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 * import { verifyBinary } from '@sluice/testing'
 *
 * verifyBinary(binary.struct({ x: binary.i16, name: binary.utf8(binary.u8) }), { runs: 200 })
 * ```
 */
export const verifyBinary = <A>(codec: Binary<A>, options: Partial<CodecLawOptions<Uint8Array, A>> = {}): void => {
  for (const law of binaryLaws(codec, options)) law.run()
}
