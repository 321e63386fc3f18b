import type { Protocol } from '@sluice/protocol'
import type { Chunking } from '../chunkings.ts'
import { cutAt, offsetViews } from '../chunkings.ts'
import { listener } from '../internal/listener.ts'
import { show } from '../internal/same.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, held } from '../law.ts'

export const FRAMES_STAY: Law = { title: 'leaves its chunks and the frames it gave away as they are', rule: 'R20' }

/**
 * R20: a frame is valid for ever, and a chunk is only read. What each message looked like when it was emitted it
 * looks like at the end of the stream, and no byte of a chunk, or beside it in its buffer, was written.
 */
export const framesStay = <In, Out>(
  protocol: Protocol<In, Out>,
  given: { readonly bytes: Uint8Array; readonly chunking: Chunking },
): LawResult => {
  const { bytes, chunking } = given
  const views = offsetViews(cutAt(bytes, chunking))
  const decoder = protocol.decoder()
  const { messages, emit } = listener<In>(views.map(({ chunk }) => chunk))
  const looks: string[] = []
  const look = (message: In) => looks.push(show(message)) > 0 && emit(message)
  for (const { chunk } of views) decoder.push(chunk, look)
  decoder.end(look)
  const touched = views.findIndex((view) => !view.intact())
  if (touched !== -1) {
    return broken(FRAMES_STAY, `chunk ${String(touched)}, or what lies beside it, was written to`, bytes, chunking)
  }
  const changed = messages.findIndex((message, i) => show(message) !== looks[i])
  if (changed === -1) return held
  const detail = `emitted ${String(looks[changed])}\nlater it was ${show(messages[changed])}`
  return broken(FRAMES_STAY, detail, bytes, chunking)
}
