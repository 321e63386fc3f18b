import type { MakePair } from './internal/endsOf.ts'
import type { TransportLawOptions } from './transportLaws.ts'
import { transportLaws } from './transportLaws.ts'

/**
 * Runs every law of what carries bytes, one after the other, and rejects with `LawBroken` at the first that does not hold.
 * Where each law is to be a test of its own, use {@link transportLaws}.
 *
 * ```ts
 * import { loopback, verifyTransport } from '@sluice/testing'
 *
 * const makePair = async () => {
 *   const { client, server } = await loopback()
 *   return [client, server] as const
 * }
 * await verifyTransport(makePair, { name: 'TCP', runs: 3 })
 * ```
 */
export const verifyTransport = async (makePair: MakePair, options: TransportLawOptions = {}): Promise<void> => {
  for (const law of transportLaws(makePair, options)) await law.run()
}
