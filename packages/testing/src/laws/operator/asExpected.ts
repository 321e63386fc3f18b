import type { Law, LawResult } from '../../law.ts'
import { held } from '../../law.ts'
import type { Equals } from '../../internal/stream.ts'
import { difference } from '../../internal/stream.ts'
import type { MakeOperator } from '../../internal/trial.ts'
import { inOrder, tryOperator } from '../../internal/trial.ts'

export const AS_EXPECTED: Law = { title: 'gives what is expected of it', rule: 'R4' }

/** R4, for who can say in a few words what comes of those values: it comes, once and in that order. */
export const asExpected = async <A, B>(
  make: MakeOperator<A, B>,
  given: {
    readonly values: ReadonlyArray<A>
    readonly expected: (values: ReadonlyArray<A>) => ReadonlyArray<B>
    readonly equals?: Equals<B>
    readonly ordered: boolean
  },
): Promise<LawResult> => {
  const trial = tryOperator(make).subscribe()
  trial.source.give(given.values)
  trial.source.end({ _tag: 'Completed' })
  await trial.settle()
  const [expected, got] = [given.expected(given.values), trial.values].map((all) => inOrder(all, given.ordered))
  const wrong = difference(expected ?? [], got ?? [], given.equals, 'value')
  return wrong === null ? held : trial.broken(AS_EXPECTED, wrong)
}
