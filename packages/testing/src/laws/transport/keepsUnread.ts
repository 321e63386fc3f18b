import type { MakePair } from '../../internal/endsOf.ts'
import { until, withPair } from '../../internal/endsOf.ts'
import { same, show } from '../../internal/same.ts'
import type { Law, LawResult } from '../../law.ts'
import { broken, held } from '../../law.ts'

export const KEEPS_UNREAD: Law = { title: 'loses nothing to who subscribes late, or twice', rule: 'R1' }

/** R1: what came before the first subscriber, and between two of them, is there for the next. */
export const keepsUnread = (
  make: MakePair,
  given: { readonly chunks: ReadonlyArray<Uint8Array> },
  patienceMs: number,
): Promise<LawResult> =>
  withPair(make, async (one, other) => {
    let sent = 0
    for (const chunk of given.chunks) {
      await one.write(chunk, patienceMs)
      sent += chunk.length
      other.read()
      await until(() => other.received.length >= sent, patienceMs)
      other.stopReading()
    }
    one.connection.end()
    other.read()
    await until(() => other.completed, patienceMs)
    const all = Buffer.concat(given.chunks)
    return same(other.received, all) ? held : broken(KEEPS_UNREAD, `came ${show(other.received)}`, all, [])
  })
