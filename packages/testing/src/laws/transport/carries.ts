import { showCause } from '@sluice/net'
import type { MakePair } from '../../internal/endsOf.ts'
import { until, withPair } from '../../internal/endsOf.ts'
import { same } from '../../internal/same.ts'
import type { Law, LawResult } from '../../law.ts'
import { broken, held } from '../../law.ts'

export const CARRIES: Law = { title: 'carries every byte once and in order, both ways at once', rule: 'R4' }

/** R4: what one end writes the other reads, and both ends are `Finished` when both have ended. */
export const carries = (
  make: MakePair,
  given: { readonly there: ReadonlyArray<Uint8Array>; readonly back: ReadonlyArray<Uint8Array> },
  patienceMs: number,
): Promise<LawResult> =>
  withPair(make, async (one, other) => {
    const sides = [
      { from: one.read(), to: other, chunks: given.there },
      { from: other.read(), to: one, chunks: given.back },
    ]
    const writing = sides.map(async ({ from, chunks }) => {
      for (const chunk of chunks) await from.write(chunk, patienceMs)
      from.connection.end()
    })
    await Promise.all(writing)
    await until(() => one.cause !== null && other.cause !== null, patienceMs)
    for (const { from, to, chunks } of sides) {
      const sent = Buffer.concat(chunks)
      const { received } = to
      if (!same(received, sent)) return broken(CARRIES, differing(sent, received), sent, [])
      const end = from.cause === null ? 'it is open' : showCause(from.cause)
      if (from.cause?._tag !== 'Finished') return broken(CARRIES, `both sides have ended, and ${end}`, sent, [])
    }
    return held
  })

const differing = (sent: Uint8Array, received: Uint8Array): string => {
  const at = sent.findIndex((byte, i) => received[i] !== byte)
  const counts = `${String(sent.length)} bytes sent, ${String(received.length)} received`
  return at === -1 ? counts : `${counts}, the first difference at ${String(at)}`
}
