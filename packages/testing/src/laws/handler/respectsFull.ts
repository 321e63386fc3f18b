import { cut } from '../../chunkings.ts'
import { badEnd } from '../../internal/rehearsal.ts'
import { same } from '../../internal/same.ts'
import type { Stage } from '../../internal/stageOf.ts'
import { DRAIN, FIN, STALL, rehearse, sends, textOf } from '../../internal/stageOf.ts'
import type { Happening } from '../../schedules.ts'
import type { Law, LawResult } from '../../law.ts'
import { broken, held } from '../../law.ts'

export const RESPECTS_FULL: Law = { title: 'takes no more while the peer does not read', rule: 'R7' }

/** So many bytes come from a peer that does not read. */
const FLOOD_BYTES = 16 * 1024
/** And no more of these streams, where they are short. */
const MOST_STREAMS = 1024
const CHUNK_BYTES = 1024
/** A writer that is soon full, and that bears little more. */
const SMALL = { highWaterMark: 512, maxUnsentBytes: 4 * 1024 }
/** Less than a peer may take that does not read. */
const LATER: Happening = { _tag: 'Wait', ms: 10_000 }

/**
 * R7: a peer that sends and does not read fills the writer; the handler's input stops, nothing is lost, and nobody is put
 * out. When it reads again it gets what it would have got at once.
 */
export const respectsFull = async <In, Out>(
  given: Stage<In, Out>,
  { bytes }: { readonly bytes: Uint8Array },
): Promise<LawResult> => {
  if (bytes.length === 0) return held
  const stage = { ...given, connection: { ...SMALL, ...given.connection } }
  const times = Math.min(MOST_STREAMS, Math.ceil(FLOOD_BYTES / bytes.length))
  const flood = Buffer.concat(Array<Uint8Array>(times).fill(bytes))
  const chunks = sends(cut(flood, Array<number>(Math.floor(flood.length / CHUNK_BYTES)).fill(CHUNK_BYTES)))
  const wanted = await rehearse(stage, [...chunks, FIN], ({ output }) => output)
  return rehearse(stage, [STALL, ...chunks, LATER, DRAIN, FIN], ({ cause, output }) => {
    const lines = [`${String(times)} times these bytes, and nobody reads the answers`]
    const bad = badEnd(cause)
    if (bad !== null) return broken(RESPECTS_FULL, bad, bytes, [], lines)
    if (same(wanted, output)) return held
    const detail = `${String(wanted.length)} bytes of answers if the peer reads at once, ${String(output.length)} if later`
    return broken(RESPECTS_FULL, detail, bytes, [], [...lines, `out    ${textOf(output)}`])
  })
}
