import type { Protocol } from '@sluice/protocol'
import type { LawOptions } from './protocolLaws.ts'
import { protocolLaws } from './protocolLaws.ts'

/**
 * Runs every law of a protocol, one after the other, and throws `LawBroken` at the first that does not hold: the
 * smallest case found, drawn, with the seed and path that repeat it. Where each law is to be a test of
 * its own, use {@link protocolLaws}.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { verifyProtocol } from '@sluice/testing'
 * import fc from 'fast-check'
 *
 * verifyProtocol(lines({ encoding: 'bytes' }), {
 *   message: fc.uint8Array().filter((line) => !line.includes(10) && line.at(-1) !== 13),
 *   runs: 200,
 * })
 * ```
 */
export const verifyProtocol = <In, Out>(protocol: Protocol<In, Out>, options: LawOptions<In, Out>): void => {
  for (const law of protocolLaws(protocol, options)) law.run()
}
