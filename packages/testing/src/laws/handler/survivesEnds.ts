import type { Chunking } from '../../chunkings.ts'
import { cutAt } from '../../chunkings.ts'
import { badEnd } from '../../internal/rehearsal.ts'
import type { Stage } from '../../internal/stageOf.ts'
import { rehearse, sends, textOf } from '../../internal/stageOf.ts'
import type { Law, LawResult } from '../../law.ts'
import { broken, held } from '../../law.ts'

const SURVIVES_FIN: Law = { title: 'comes to an end when the peer has ended, wherever that is', rule: 'R13' }
const SURVIVES_RESET: Law = { title: 'lets go of a connection that breaks, wherever that is', rule: 'R12' }
const SURVIVES_LEAVING: Law = { title: 'lets go when its conversation is left, wherever that is', rule: 'R14' }

/** How a conversation is broken off. */
interface Ending {
  readonly law: Law
  readonly end: 'Fin' | 'Reset' | 'Leave'
  readonly shown: string
}

export const ENDINGS: ReadonlyArray<Ending> = [
  { law: SURVIVES_FIN, end: 'Fin', shown: 'FIN' },
  { law: SURVIVES_RESET, end: 'Reset', shown: 'the connection breaks' },
  { law: SURVIVES_LEAVING, end: 'Leave', shown: 'this side unsubscribes' },
]

/**
 * R12, R13, R14: after any byte of a valid stream the peer ends its side, or the connection breaks, or this side leaves.
 * Then the conversation is over, not because the handler failed or a clock ran out, its output is left, and no timer is.
 *
 * ```
 *  61 0a 62     FIN       Closed: Truncated
 *  61 0a        FIN       Closed: Finished, as soon as the output completes
 * ```
 */
export const survivesEnds = async <In, Out>(
  stage: Stage<In, Out>,
  { law, end, shown }: Ending,
  given: { readonly bytes: Uint8Array; readonly chunking: Chunking; readonly after: number },
): Promise<LawResult> => {
  const bytes = given.bytes.subarray(0, given.after)
  const chunking = given.chunking.filter((at) => at <= bytes.length)
  return rehearse(stage, [...sends(cutAt(bytes, chunking)), { _tag: end }], (rehearsal) => {
    const wrong = (end === 'Leave' ? null : badEnd(rehearsal.cause)) ?? rehearsal.left()
    if (wrong === null) return held
    return broken(law, wrong, bytes, chunking, [`then   ${shown}`, `out    ${textOf(rehearsal.output)}`])
  })
}
