import { defer, EMPTY, Observable, throwError } from 'rxjs'
import type { BackoffOptions, Connection, ReconnectEvent, ReconnectOptions } from '../../src/index.ts'
import { backoff, ConnectFailed, fromDuplex, reconnect } from '../../src/index.ts'
import { turns } from './turns.ts'
import { VirtualClock } from './virtualClock.ts'
import { Wire } from './wire.ts'

export const refused = new ConnectFailed('nowhere:1', 'ECONNREFUSED', 'connection refused')

/** What becomes of one attempt: it is refused, fails with another error, ends with nothing, or connects. */
export type Outcome = 'refused' | 'connects' | 'nothing' | Error

/** One event as a row: when, what, and what it says. */
const row = (at: number, event: ReconnectEvent): string => {
  switch (event._tag) {
    case 'Connecting':
      return `${String(at)} connecting ${String(event.attempt)}`
    case 'Lost':
      return `${String(at)} lost: ${event.closed.cause._tag}`
    case 'Waiting':
      return `${String(at)} waiting ${String(event.delayMs)} for ${String(event.attempt)}`
    case 'Up':
    case 'GivenUp':
      return `${String(at)} ${event._tag === 'Up' ? 'up' : 'given up'}`
  }
}

/** As `connect` does: one connection, complete when it is closed, aborted when it is unsubscribed. */
const connecting = (wire: Wire, scheduler: VirtualClock): Observable<Connection> =>
  new Observable((subscriber) => {
    const connection = fromDuplex(wire, { scheduler })
    connection.events$.subscribe({
      complete: () => {
        subscriber.complete()
      },
    })
    subscriber.next(connection)
    return () => {
      connection.abort()
    }
  })

/**
 * `reconnect` in virtual time, over attempts with outcomes of the test's own, the last of them again and
 * again; without jitter unless asked for, so that each wait is known.
 */
export const attempting = (
  outcomes: readonly Outcome[],
  policy: BackoffOptions = {},
  options: ReconnectOptions = {},
) => {
  const clock = new VirtualClock()
  const told: string[] = []
  const events: ReconnectEvent[] = []
  const wires: Wire[] = []
  let attempts = 0
  const source$ = defer((): Observable<Connection> => {
    const outcome = outcomes[Math.min(attempts++, outcomes.length - 1)]
    if (outcome === 'nothing') return EMPTY
    if (outcome !== 'connects') return throwError(() => (outcome === 'refused' ? refused : outcome))
    const wire = new Wire()
    wires.push(wire)
    return connecting(wire, clock)
  })
  const tell = (event: ReconnectEvent): void => {
    events.push(event)
    told.push(row(clock.now(), event))
    options.tell?.(event)
  }
  const connection$ = source$.pipe(
    reconnect(backoff({ jitter: 'none', initialMs: 100, ...policy }), { scheduler: clock, ...options, tell }),
  )
  const wait = async (ms: number): Promise<void> => {
    await turns(2)
    clock.advance(ms)
    await turns(2)
  }
  /** The peer breaks the latest connection off. */
  const broken = async (): Promise<void> => {
    wires.at(-1)?.destroy(new Error('reset'))
    await turns(2)
  }
  return { clock, told, events, wires, connection$, wait, broken }
}
