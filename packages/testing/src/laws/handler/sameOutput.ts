import type { Chunking } from '../../chunkings.ts'
import { cutAt, dripping } from '../../chunkings.ts'
import { same } from '../../internal/same.ts'
import type { Stage } from '../../internal/stageOf.ts'
import { FIN, rehearse, sends, textOf } from '../../internal/stageOf.ts'
import type { Law, LawResult } from '../../law.ts'
import { broken, held } from '../../law.ts'

export const SAME_OUTPUT: Law = { title: 'answers the same, however its input was cut', rule: 'R4' }

/**
 * R4: what a handler answers depends on what it was told, not on how the network cut it: in one chunk, in the chunking of
 * the case, and one byte at a time.
 */
export const sameOutput = async <In, Out>(
  stage: Stage<In, Out>,
  given: { readonly bytes: Uint8Array; readonly chunking: Chunking },
): Promise<LawResult> => {
  const { bytes } = given
  const answer = (chunking: Chunking): Promise<Uint8Array> =>
    rehearse(stage, [...sends(cutAt(bytes, chunking)), FIN], ({ output }) => output)
  const whole = await answer([])
  for (const chunking of [[], given.chunking, dripping(bytes.length)]) {
    const cut = await answer(chunking)
    if (same(whole, cut)) continue
    const lines = [`out    ${textOf(whole)}   in one chunk`, `out    ${textOf(cut)}   cut as above`]
    return broken(SAME_OUTPUT, 'its answers differ', bytes, chunking, lines)
  }
  return held
}
