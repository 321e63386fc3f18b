import type { MakeOperator } from './internal/trial.ts'
import type { OperatorLawOptions } from './operatorLaws.ts'
import { operatorLaws } from './operatorLaws.ts'

/**
 * Runs every law of an operator, one after the other, and rejects with `LawBroken` at the first that does not hold: the
 * smallest case found, drawn, with the seed and path that repeat it. Where each law is to be a test of its own, use
 * {@link operatorLaws}.
 *
 * ```ts
 * import { mapAsync } from '@sluice/net'
 * import { verifyOperator } from '@sluice/testing'
 * import fc from 'fast-check'
 * import { map, timer } from 'rxjs'
 *
 * await verifyOperator((clock) => mapAsync(3, (n: number) => timer(n, clock).pipe(map(() => 2 * n))), {
 *   value: fc.nat({ max: 100 }),
 *   expected: (values) => values.map((n) => 2 * n),
 *   inFlight: 2,
 *   runs: 20,
 * })
 * ```
 */
export const verifyOperator = async <A, B>(
  make: MakeOperator<A, B>,
  options: OperatorLawOptions<A, B>,
): Promise<void> => {
  for (const law of operatorLaws(make, options)) await law.run()
}
