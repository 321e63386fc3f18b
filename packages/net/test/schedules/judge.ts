import type { Cause } from '../../src/index.ts'
import { EVENT_ORDER, spellEvents } from '../../src/internal/connection/eventOrder.ts'
import { failureOf } from '../../src/internal/connection/failure.ts'
import type { OurEnd } from './ends.ts'
import { CLOCK_MS } from './ends.ts'

/** What the other end did, as far as it excuses how ours ended. */
export interface Other {
  /** Whether it broke off, or may have: our end may see a reset. */
  readonly broke: boolean
}

/** What is wrong with how a connection went; nothing, if it obeyed. */
export const judge = (end: OurEnd, other: Other): readonly string[] => {
  const { closed, events } = end
  if (closed === null) return ['it was never closed']
  const { cause, figures } = closed
  const spelled = spellEvents(events)
  const wrong: string[] = []
  const check = (holds: boolean, otherwise: string): void => {
    if (!holds) wrong.push(`${otherwise}: ${spelled}, ${JSON.stringify(cause)}`)
  }
  check(EVENT_ORDER.test(spelled), 'the events break their grammar')
  check(spelled.includes('F') === (failureOf(cause) !== null), 'Failed and the cause disagree')
  check(cause._tag !== 'Finished' || /R.*L|L.*R/.test(spelled), 'finished, but not both sides had ended')
  check(allowed(cause, end, other), 'not a cause of what was done')
  const bytes = events.reduce((sum, event) => (event._tag === 'Data' ? sum + event.bytes : sum), 0)
  check(bytes === figures.bytesRead, `Data said ${String(bytes)} bytes and the figures ${String(figures.bytesRead)}`)
  check(figures.bytesUnread >= 0 && figures.bytesUnread <= figures.bytesRead, 'more unread than was read')
  check(figures.bytesUnsent >= 0, 'less than nothing unsent')
  return wrong
}

/** Whether an end may end so, given what it did itself. */
const allowed = (cause: Cause, { did, events }: OurEnd, { broke }: Other): boolean => {
  const spoken = !did.has('raw')
  switch (cause._tag) {
    case 'Finished':
      return true
    case 'Aborted':
      return did.has('abort') || did.has('unsubscribe')
    case 'Reset':
      return broke
    case 'TimedOut':
      return cause.afterMs === CLOCK_MS || (cause.clock === 'linger' && cause.afterMs === 1) || longSilence(cause)
    case 'Truncated':
      return spoken && events.some(({ _tag }) => _tag === 'RemoteEnded')
    case 'ProtocolFailed':
    case 'HandlerFailed':
    case 'Overflowed':
      return spoken || cause._tag === 'Overflowed'
    case 'ShutDown':
    case 'ConnectFailed':
    case 'TlsFailed':
      return false
  }
}

const longSilence = (cause: Cause & { _tag: 'TimedOut' }): boolean =>
  cause.clock === 'silence' && cause.afterMs === 10 * CLOCK_MS

/** By how many milliseconds it ended later than its clocks say, after its last step; below 0: earlier. */
export const overrun = ({ leftAt, closedAt, did }: OurEnd): number => {
  // flushed at last, then the one clock that waits for the peer or our consumer; each found at its next look
  const deadline = did.has('abort') ? 0 : 2 * CLOCK_MS * (1 + 1 / 8)
  return closedAt - leftAt - deadline
}
