import fc from 'fast-check'
import type { Broken, Law, LawResult } from '../law.ts'
import { draw } from '../law.ts'
import { LawBroken } from '../lawBroken.ts'

/** How a property is run. */
export interface RunOptions {
  /** Cases per law. Default: ten times the `numRuns` of fast-check for laws that answer at once, and that for others. */
  readonly runs?: number
  /** Repeats a failed run, with `path` its shrunk case; a failure says both. */
  readonly seed?: number
  readonly path?: string
}

/** Runs a law as a property, and throws `LawBroken` with its smallest counterexample. */
export const holds = <A>(
  subject: string,
  law: Law,
  cases: fc.Arbitrary<A>,
  predicate: (one: A) => LawResult,
  options: RunOptions,
): void => {
  const property = fc.property(cases, (one) => {
    judge(predicate(one))
  })
  fc.assert(property, parameters<A>(subject, law, 10, options))
}

/** As {@link holds}, for laws that take time. */
export const holdsInTime = <A>(
  subject: string,
  law: Law,
  cases: fc.Arbitrary<A>,
  predicate: (one: A) => Promise<LawResult>,
  options: RunOptions,
): Promise<void> => {
  const property = fc.asyncProperty(cases, async (one) => {
    judge(await predicate(one))
  })
  return fc.assert(property, parameters<A>(subject, law, 1, options))
}

const judge = (result: LawResult): void => {
  if (result._tag === 'Broken') throw new Counterexample(result)
}

const parameters = <A>(
  subject: string,
  law: Law,
  times: number,
  { runs, seed, path }: RunOptions,
): fc.Parameters<[A]> => ({
  numRuns: runs ?? times * (fc.readConfigureGlobal().numRuns ?? 100),
  ...(seed === undefined ? {} : { seed }),
  ...(path === undefined ? {} : { path }),
  reporter: (details) => {
    if (details.failed) throw report(subject, law, details)
  },
})

const report = <A>(subject: string, law: Law, details: fc.RunDetails<A>): LawBroken => {
  const error: unknown = 'errorInstance' in details ? details.errorInstance : undefined
  const drawing =
    error instanceof Counterexample
      ? draw(error.broken)
      : `${law.title} [${law.rule}]\n  the law itself threw: ${String(error)}\n  ${fc.stringify(details.counterexample)}`
  const { seed, counterexamplePath: path } = details
  return new LawBroken({
    subject,
    law,
    drawing,
    broken: error instanceof Counterexample ? error.broken : null,
    seed,
    path: path ?? '',
    runs: details.numRuns,
    cause: error,
  })
}

/** Carries a broken law through fast-check, which knows failures as exceptions. */
class Counterexample extends Error {
  readonly broken: Broken

  constructor(broken: Broken) {
    super(draw(broken))
    this.broken = broken
  }
}
