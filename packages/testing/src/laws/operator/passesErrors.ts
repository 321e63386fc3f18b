import type { Law, LawResult } from '../../law.ts'
import { held } from '../../law.ts'
import { SourceFailed } from '../../internal/sourceFailed.ts'
import type { MakeOperator } from '../../internal/trial.ts'
import { showEnding, tryOperator } from '../../internal/trial.ts'

export const PASSES_ERRORS: Law = { title: 'fails with the error of its source', rule: 'R12' }

/** R12: what broke a source is told downstream, as it is; whoever is there may recover from it. */
export const passesErrors = async <A, B>(
  make: MakeOperator<A, B>,
  given: { readonly values: ReadonlyArray<A> },
): Promise<LawResult> => {
  const trial = tryOperator(make).subscribe()
  const error = new SourceFailed()
  trial.source.give(given.values)
  if (trial.probe.closed) return held
  trial.source.end({ _tag: 'Failed', error })
  await trial.settle()
  const { ending } = trial
  if (ending?._tag === 'Failed' && ending.error === error) return held
  return trial.broken(PASSES_ERRORS, `it should fail with that error\nand did ${showEnding(ending)}`)
}
