import type { Law, LawResult } from '../../law.ts'
import { held } from '../../law.ts'
import { SourceFailed } from '../../internal/sourceFailed.ts'
import type { MakeOperator } from '../../internal/trial.ts'
import { tryOperator } from '../../internal/trial.ts'

export const ENDS_ONCE: Law = { title: 'ends once, and says nothing after it', rule: 'R27' }

/**
 * R27: an operator completes or fails once, and that is the last it says. RxJS keeps what comes later from subscribers;
 * here it is heard.
 */
export const endsOnce = async <A, B>(
  make: MakeOperator<A, B>,
  given: { readonly values: ReadonlyArray<A>; readonly fails: boolean },
): Promise<LawResult> => {
  const trial = tryOperator(make).subscribe()
  trial.source.give(given.values)
  trial.source.end(given.fails ? { _tag: 'Failed', error: new SourceFailed() } : { _tag: 'Completed' })
  await trial.settle()
  // a second completion says nothing new: some operators of RxJS do it
  const harmless = trial.ending?._tag === 'Completed' ? 'Complete' : null
  return trial.late.every(({ _tag }) => _tag === harmless) ? held : trial.broken(ENDS_ONCE, 'it had ended, and went on')
}
