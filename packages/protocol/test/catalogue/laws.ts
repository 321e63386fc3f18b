import type { ProtocolLaw } from '@sluice/testing'
import { LawBroken, protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import type { Entry, Subject } from './entry.ts'
import { LAWS } from './lawKeys.ts'

/** How often a law is tried, and from which seed. */
export interface Trial {
  /** Cases in total. */
  readonly runs: number
  readonly seed: number
  /** Sets of options at most. Default 100. */
  readonly sets?: number
}

/** The names of the laws of a framing, under at least one set of options. */
export const lawNames = (entry: Entry): ReadonlyArray<string> => [
  ...new Set(
    subjects(entry, { runs: Infinity, seed: 1, sets: 20 }).flatMap((one) => lawsOf(one).map(({ name }) => name)),
  ),
]

/** The framing as it comes, then under options drawn at random. */
export const subjects = (entry: Entry, { runs, seed, sets = 100 }: Trial): ReadonlyArray<Subject> => {
  const drawn = Math.max(1, Math.min(sets, Math.floor(runs / 5)))
  return [entry.plain, ...fc.sample(entry.drawn, { numRuns: drawn, seed })]
}

/** Tries one law of a framing: a quarter of the cases as it comes, the rest shared by the sets of options. */
export const tryLaw = (entry: Entry, name: string, trial: Trial): void => {
  // other sets of options for every law
  const all = subjects(entry, { ...trial, seed: trial.seed + name.length })
  const share = Math.ceil((trial.runs * 3) / 4 / (all.length - 1))
  all.forEach((subject, i) => {
    const runs = i === 0 ? Math.ceil(trial.runs / 4) : share
    const law = lawsOf(subject, { runs, seed: trial.seed }).find((one) => one.name === name)
    try {
      law?.run()
    } catch (thrown) {
      if (thrown instanceof LawBroken) thrown.message += `\nor all of it with FC_SEED=${String(trial.seed)}`
      throw thrown
    }
  })
}

/** The laws of a framing under one set of options, but for those it is excepted from. */
export const lawsOf = (subject: Subject, how: { runs?: number; seed?: number } = {}): ReadonlyArray<ProtocolLaw> =>
  protocolLaws(subject.protocol, { ...subject.laws, ...how }).filter(
    ({ name }) => !subject.except.some((law) => LAWS[law] === name),
  )
