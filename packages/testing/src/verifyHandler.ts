import type { Protocol } from '@sluice/protocol'
import type { HandlerLawOptions } from './handlerLaws.ts'
import { handlerLaws } from './handlerLaws.ts'
import type { MakeHandler } from './internal/rehearsal.ts'

/**
 * Runs every law of a handler, one after the other, and rejects with `LawBroken` at the first that does not hold: the
 * smallest case found, drawn, with the seed and path that repeat it. Where each law is to be a test of its own, use
 * {@link handlerLaws}.
 *
 * ```ts
 * import { mapAsync } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { verifyHandler } from '@sluice/testing'
 * import fc from 'fast-check'
 *
 * const shout = mapAsync(4, async (line: string) => line.toUpperCase())
 * await verifyHandler(lines(), () => shout, { message: fc.stringMatching(/^[a-z]{0,9}$/), runs: 10 })
 * ```
 */
export const verifyHandler = async <In, Out>(
  protocol: Protocol<In, Out>,
  make: MakeHandler<In, Out>,
  options: HandlerLawOptions<In, Out>,
): Promise<void> => {
  for (const law of handlerLaws(protocol, make, options)) await law.run()
}
