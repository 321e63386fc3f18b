import type { ConnectionEvent } from '@sluice/net'
import { setImmediate as turn } from 'node:timers/promises'
import type { End, MakePair } from '../../internal/endsOf.ts'
import { until, withPair } from '../../internal/endsOf.ts'
import type { Law, LawResult } from '../../law.ts'
import { brokenBy, held } from '../../law.ts'

export const OBEYS_GRAMMAR: Law = { title: 'tells what happens in an order that makes sense', rule: 'R10' }

/** What one of two ends does. */
export interface Deed {
  readonly end: 0 | 1
  readonly does: 'write' | 'read' | 'leave' | 'pause' | 'resume' | 'end' | 'close' | 'abort'
}

/**
 * R10: whatever both ends do, `Closed` comes once and last, no `Data` behind `RemoteEnded`, each end is told once, `Paused`
 * and `Resumed` take turns, and the bytes of the `Data` events are those of the figures.
 */
export const obeysGrammar = (
  make: MakePair,
  given: { readonly deeds: ReadonlyArray<Deed> },
  patienceMs: number,
): Promise<LawResult> =>
  withPair(make, async (one, other) => {
    for (const { end, does } of given.deeds) {
      doIt(end === 0 ? one : other, does)
      await turn()
    }
    one.connection.abort()
    other.connection.abort()
    await until(() => one.cause !== null && other.cause !== null, patienceMs)
    await turn()
    const lines = [
      `run   ${given.deeds.map(({ end, does }) => `${end === 0 ? 'one' : 'other'} ${does}`).join(', ')}`,
      `one    ${one.events.map(({ _tag }) => _tag).join(' ')}`,
      `other  ${other.events.map(({ _tag }) => _tag).join(' ')}`,
    ]
    for (const { events } of [one, other]) {
      const wrong = fault(events)
      if (wrong !== null) return brokenBy(OBEYS_GRAMMAR, wrong, lines)
    }
    return held
  })

const HELLO = Uint8Array.of(0x68, 0x69)

const doIt = (end: End, does: Deed['does']): void => {
  const { connection } = end
  if (does === 'write') connection.write(HELLO)
  else if (does === 'read') end.read()
  else if (does === 'leave') end.stopReading()
  else connection[does]()
}

/** What is wrong with the events of a connection that is over, or null. */
const fault = (events: ReadonlyArray<ConnectionEvent>): string | null => {
  const tags = events.map(({ _tag }) => _tag)
  const last = events.at(-1)
  if (last?._tag !== 'Closed') return 'Closed is not the last'
  for (const tag of ['Closed', 'Connected', 'RemoteEnded', 'LocalEnded', 'Failed'] as const) {
    if (tags.filter((one) => one === tag).length > 1) return `${tag} came twice`
  }
  const ended = tags.indexOf('RemoteEnded')
  if (ended !== -1 && tags.indexOf('Data', ended) !== -1) return 'Data came behind RemoteEnded'
  const pauses = tags.filter((tag) => tag === 'Paused' || tag === 'Resumed')
  if (pauses.some((tag, i) => tag === pauses[i - 1])) return 'Paused and Resumed do not take turns'
  const told = events.reduce((sum, event) => (event._tag === 'Data' ? sum + event.bytes : sum), 0)
  const { bytesRead } = last.figures
  return told === bytesRead ? null : `Data told of ${String(told)} bytes, the figures of ${String(bytesRead)}`
}
