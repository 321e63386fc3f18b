import fc from 'fast-check'
import type { EventualLaw } from './eventualLaw.ts'
import type { RunOptions } from './internal/holds.ts'
import { holdsInTime } from './internal/holds.ts'
import type { Equals } from './internal/stream.ts'
import type { MakeOperator } from './internal/trial.ts'
import type { Law, LawResult } from './law.ts'
import { AS_EXPECTED, asExpected } from './laws/operator/asExpected.ts'
import { COMPLETES, completes } from './laws/operator/completes.ts'
import { ENDS_ONCE, endsOnce } from './laws/operator/endsOnce.ts'
import { HOLDS_LITTLE, holdsLittle } from './laws/operator/holdsLittle.ts'
import { LETS_GO, letsGo } from './laws/operator/letsGo.ts'
import { LETS_GO_INSIDE, letsGoInside } from './laws/operator/letsGoInside.ts'
import { PASSES_ERRORS, passesErrors } from './laws/operator/passesErrors.ts'
import { PASSES_HOLDS, passesHolds } from './laws/operator/passesHolds.ts'
import { STARTS_AFRESH, startsAfresh } from './laws/operator/startsAfresh.ts'

/** What the laws need to know of an operator; {@link OperatorLawOptions.value} is enough for most. */
export interface OperatorLawOptions<A, B> extends RunOptions {
  /** What its source may emit. */
  readonly value: fc.Arbitrary<A>
  /** What a failure calls it. Default `the operator`. */
  readonly name?: string
  /** What comes of those values in the end, said another way: adds the law of R4. */
  readonly expected?: (values: ReadonlyArray<A>) => ReadonlyArray<B>
  /** Whether two outputs mean the same. Default: structure, bytes by content. */
  readonly equals?: Equals<B>
  /** Whether its inputs alone decide the order of its outputs. Default true; false where time does. */
  readonly ordered?: boolean
  /** How many outputs may still come when the sink is full: those in its hands already. Default 0. */
  readonly inFlight?: number
  /** Whether it is for streams of a connection, and keeps to their gates (R3). Default true. */
  readonly gated?: boolean
  /** How much it may hold, in outputs. Default 64. `Infinity` leaves the law of R7 out. */
  readonly bound?: number
  /** How much an output counts against the bound. Default: the length of an array, 1 for anything else. */
  readonly sizeOf?: (output: B) => number
  /** Whether it recovers from the errors of its source. Default false: it fails with them. */
  readonly recovers?: boolean
}

/**
 * The laws of an RxJS operator, each a property; no test framework needed.
 *
 * ```ts
 * import { mapAsync } from '@sluice/net'
 * import { operatorLaws } from '@sluice/testing'
 * import fc from 'fast-check'
 * import { describe, it } from 'vitest'
 *
 * describe('mapAsync(1, …)', () => {
 *   const laws = operatorLaws(() => mapAsync(1, async (n: number) => n + 1), { value: fc.nat() })
 *   for (const law of laws) it(law.name, law.run)
 * })
 * ```
 *
 * `make` is called anew for every case, with a clock that stands still until everything else has had its turn. An
 * operator that needs time takes it from there: time that passes elsewhere is not waited for.
 *
 * | rule | law |
 * |---|---|
 * | R3 | {@link passesHolds} (unless `gated` is false) |
 * | R4 | {@link asExpected} (with `expected`) |
 * | R7 | {@link holdsLittle} |
 * | R9 | {@link completes} |
 * | R12 | {@link passesErrors} (unless it `recovers`) |
 * | R14 | {@link letsGo}, {@link letsGoInside} |
 * | R26 | {@link startsAfresh} |
 * | R27 | {@link endsOnce} |
 */
export const operatorLaws = <A, B>(
  make: MakeOperator<A, B>,
  options: OperatorLawOptions<A, B>,
): ReadonlyArray<EventualLaw> => {
  const { value, name = 'the operator', gated = true, recovers = false, inFlight = 0, bound = 64 } = options
  const { ordered = true } = options
  const law: MakeLaw = (about, cases, predicate) => ({
    name: `${about.title} [${about.rule}]`,
    run: () => holdsInTime(name, about, cases, predicate, options),
  })
  const values = fc.array(value, { maxLength: 8 })
  const at = fc.nat({ max: 8 })
  const few = fc.array(value, { minLength: 1, maxLength: 4 })
  const { sizeOf = lengthOf } = options
  return [
    ...(options.expected === undefined
      ? []
      : [expectedLaw(make, values, { ...options, expected: options.expected }, law)]),
    law(STARTS_AFRESH, fc.record({ values }), (one) => startsAfresh(make, one)),
    law(LETS_GO, fc.record({ values, leaveAfter: at }), (one) => letsGo(make, one)),
    law(LETS_GO_INSIDE, fc.record({ values, leaveIn: at }), (one) => letsGoInside(make, one)),
    law(ENDS_ONCE, fc.record({ values, fails: fc.boolean() }), (one) => endsOnce(make, one)),
    law(COMPLETES, fc.record({ values }), (one) => completes(make, one)),
    ...(recovers ? [] : [law(PASSES_ERRORS, fc.record({ values }), (one) => passesErrors(make, one))]),
    ...(gated
      ? [
          law(PASSES_HOLDS, fc.record({ values, holds: fc.uniqueArray(at, { maxLength: 4 }) }), (one) =>
            passesHolds(make, { ...one, inFlight, ordered }),
          ),
        ]
      : []),
    ...(bound === Infinity
      ? []
      : [
          law(HOLDS_LITTLE, fc.record({ values: few, count: fc.nat({ max: 2 * bound + 8 }) }), (one) =>
            holdsLittle(make, { ...one, bound, sizeOf }),
          ),
        ]),
  ]
}

type MakeLaw = <C>(about: Law, cases: fc.Arbitrary<C>, predicate: (one: C) => Promise<LawResult>) => EventualLaw

const expectedLaw = <A, B>(
  make: MakeOperator<A, B>,
  values: fc.Arbitrary<ReadonlyArray<A>>,
  { expected, equals, ordered = true }: OperatorLawOptions<A, B> & Pick<Required<OperatorLawOptions<A, B>>, 'expected'>,
  law: MakeLaw,
): EventualLaw =>
  law(AS_EXPECTED, values, (one) =>
    asExpected(make, { values: one, expected, ordered, ...(equals === undefined ? {} : { equals }) }),
  )

const lengthOf = (output: unknown): number => (Array.isArray(output) ? output.length : 1)
