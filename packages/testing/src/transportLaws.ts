import fc from 'fast-check'
import type { EventualLaw } from './eventualLaw.ts'
import type { MakePair } from './internal/endsOf.ts'
import type { RunOptions } from './internal/holds.ts'
import { holdsInTime } from './internal/holds.ts'
import type { Law, LawResult } from './law.ts'
import { CARRIES, carries } from './laws/transport/carries.ts'
import { HALF_CLOSES, halfCloses } from './laws/transport/halfCloses.ts'
import { IS_BOUNDED, isBounded } from './laws/transport/isBounded.ts'
import { KEEPS_UNREAD, keepsUnread } from './laws/transport/keepsUnread.ts'
import type { Deed } from './laws/transport/obeysGrammar.ts'
import { OBEYS_GRAMMAR, obeysGrammar } from './laws/transport/obeysGrammar.ts'
import { RESETS, resets } from './laws/transport/resets.ts'

/** What the laws need to know of a transport: nothing. */
export interface TransportLawOptions extends RunOptions {
  /** Cases per law. Default: a quarter of the `numRuns` of fast-check, which is 25; of the law of R7 a tenth of that. */
  readonly runs?: number
  /** What a failure calls it. Default `the transport`. */
  readonly name?: string
  /** Whether the other end can tell a break from an end (R10). Default true. */
  readonly resets?: boolean
  /** How long to wait for what should come, in ms of the wall clock. Default 5,000. */
  readonly patienceMs?: number
}

/**
 * The laws of what carries bytes: `makePair` gives two connected ends, as a {@link Connection} or any Node `Duplex`, new
 * ones for every case. No test framework needed.
 *
 * ```ts
 * import { loopback, transportLaws } from '@sluice/testing'
 * import { describe, it } from 'vitest'
 *
 * describe('TCP', () => {
 *   const makePair = async () => {
 *     const { client, server } = await loopback()
 *     return [client, server] as const
 *   }
 *   for (const law of transportLaws(makePair, { runs: 5 })) it(law.name, law.run)
 * })
 * ```
 *
 * | rule | law |
 * |---|---|
 * | R1 | {@link keepsUnread} |
 * | R2 | {@link halfCloses} |
 * | R4 | {@link carries} |
 * | R7 | {@link isBounded} |
 * | R10 | {@link obeysGrammar}, {@link resets} (unless `resets` is false) |
 */
export const transportLaws = (makePair: MakePair, options: TransportLawOptions = {}): ReadonlyArray<EventualLaw> => {
  const {
    name = 'the transport',
    patienceMs = 5_000,
    runs = Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 4),
  } = options
  const law = <C>(about: Law, cases: fc.Arbitrary<C>, predicate: Predicate<C>, share = 1): EventualLaw => ({
    name: `${about.title} [${about.rule}]`,
    run: () =>
      holdsInTime(name, about, cases, (one) => predicate(makePair, one, patienceMs), {
        ...options,
        runs: Math.max(1, Math.ceil(runs / share)),
      }),
  })
  const small = fc.uint8Array({ maxLength: 32 })
  const chunks = fc.array(fc.oneof(small, LARGE), { maxLength: 6 })
  return [
    law(CARRIES, fc.record({ there: chunks, back: chunks }), carries),
    law(HALF_CLOSES, fc.record({ before: small, after: small }), halfCloses),
    law(KEEPS_UNREAD, fc.record({ chunks: fc.array(small, { maxLength: 4 }) }), keepsUnread),
    ...(options.resets === false ? [] : [law(RESETS, fc.record({ before: small }), resets)]),
    law(OBEYS_GRAMMAR, fc.record({ deeds: fc.array(deed, { maxLength: 10 }) }), obeysGrammar),
    law(IS_BOUNDED, fc.record({ partBytes: fc.integer({ min: 4_096, max: 65_536 }) }), isBounded, 10),
  ]
}

type Predicate<C> = (makePair: MakePair, one: C, patienceMs: number) => Promise<LawResult>

/** More than any buffer takes at once, no two bytes in a row alike. */
const LARGE = fc.nat({ max: 70_000 }).map((length) => Uint8Array.from({ length }, (_, i) => i % 251))

const deed: fc.Arbitrary<Deed> = fc.record({
  end: fc.constantFrom(0, 1),
  does: fc.constantFrom('write', 'read', 'write', 'read', 'leave', 'pause', 'resume', 'end', 'close', 'abort'),
})
