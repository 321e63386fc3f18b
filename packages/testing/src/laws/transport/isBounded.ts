import { setImmediate as turn } from 'node:timers/promises'
import type { MakePair } from '../../internal/endsOf.ts'
import { until, withPair } from '../../internal/endsOf.ts'
import type { Law, LawResult } from '../../law.ts'
import { brokenBy, held } from '../../law.ts'

export const IS_BOUNDED: Law = { title: 'is full before long where nobody reads', rule: 'R7' }

const MOST_BYTES = 64 * 1024 * 1024

/** R7: to an end that nobody reads only so much can be written, and all of it is there when somebody does. */
export const isBounded = (
  make: MakePair,
  given: { readonly partBytes: number },
  patienceMs: number,
): Promise<LawResult> =>
  withPair(make, async (one, other) => {
    const part = new Uint8Array(given.partBytes).fill(0x61)
    let sent = 0
    while (!one.connection.full && sent < MOST_BYTES) {
      one.connection.write(part)
      sent += part.length
      await turn()
    }
    const lines = [`run  ${String(sent / part.length)} times ${String(part.length)} bytes`]
    if (!one.connection.full)
      return brokenBy(IS_BOUNDED, `${String(sent)} bytes were taken, and nobody reads them`, lines)
    other.read()
    one.connection.end()
    await until(() => other.completed, patienceMs)
    const came = other.received.length
    return came === sent ? held : brokenBy(IS_BOUNDED, `${String(sent)} bytes sent, ${String(came)} received`, lines)
  })
