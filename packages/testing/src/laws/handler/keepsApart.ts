import { same } from '../../internal/same.ts'
import { Rehearsal } from '../../internal/rehearsal.ts'
import type { Stage } from '../../internal/stageOf.ts'
import { FIN, rehearse, sends, textOf } from '../../internal/stageOf.ts'
import { VirtualClock } from '../../internal/virtualClock.ts'
import type { Law, LawResult } from '../../law.ts'
import { broken, held } from '../../law.ts'

export const KEEPS_APART: Law = { title: 'answers one connection as if there were no other', rule: 'R26' }

/** R26: the state of a handler begins with each conversation. The same is said on two connections in turns. */
export const keepsApart = async <In, Out>(
  stage: Stage<In, Out>,
  given: { readonly frames: ReadonlyArray<Uint8Array> },
): Promise<LawResult> => {
  const { protocol, make, connection } = stage
  const alone = await rehearse(stage, [...sends(given.frames), FIN], ({ output }) => output)
  const clock = new VirtualClock()
  const handler = make(clock)
  const both = [0, 1].map(() => new Rehearsal(protocol, handler, clock, connection))
  try {
    for (const happening of [...sends(given.frames), FIN]) for (const one of both) await one.play([happening])
    for (const one of both) await one.settle()
    const other = both.find(({ output }) => !same(output, alone))
    if (other === undefined) return held
    const lines = [`out    ${textOf(alone)}   alone`, `out    ${textOf(other.output)}   beside another`]
    return broken(KEEPS_APART, 'its answers differ', Buffer.concat(given.frames), [], lines)
  } finally {
    for (const one of both) one.dispose()
  }
}
