import type { ConnectionEvent } from '../../connection.ts'

/** How an event is written in {@link EVENT_ORDER}. */
const EVENT_LETTERS: Readonly<Record<ConnectionEvent['_tag'], string>> = {
  Lookup: 'l',
  Proxied: 'P',
  Connected: 'C',
  Secured: 's',
  Data: 'd',
  Paused: 'p',
  Resumed: 'r',
  Drained: 'w',
  Dropped: 'x',
  Invalid: 'v',
  Idle: 'i',
  RemoteEnded: 'R',
  LocalEnded: 'L',
  Failed: 'F',
  Closed: '.',
}

/** Events as letters. */
export const spellEvents = (events: readonly ConnectionEvent[]): string =>
  events.map(({ _tag }) => EVENT_LETTERS[_tag]).join('')

/**
 * The grammar of the events of one connection, as `ConnectionEvent` states it. What a late subscriber hears obeys
 * it too: the milestones so far are a connection on which nothing else happened yet.
 */
export const EVENT_ORDER = new RegExp(
  [
    '^l?P?C',
    '(?!.*s.*s)', // Secured once: with the connection, or by a later upgrade
    '(?!.*R.*[dR])', // RemoteEnded once, and no Data behind it
    '(?!.*L.*L)', // LocalEnded once
    '(?!.*p[^r]*p)(?!.*r[^p]*r)', // Paused and Resumed take turns
    '[sdprwxviRL]*',
    'F?\\.$',
  ].join(''),
)
