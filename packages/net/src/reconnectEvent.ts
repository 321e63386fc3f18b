import type { Closed, Connection } from './connection.ts'

/** What `reconnect` does; `attempt` is 0 for the very first, then counts those in a row. */
export type ReconnectEvent =
  | { readonly _tag: 'Connecting'; readonly attempt: number }
  | { readonly _tag: 'Up'; readonly connection: Connection }
  /** It broke. `closed.figures` says how many bytes were never sent, and how many never taken. */
  | { readonly _tag: 'Lost'; readonly connection: Connection; readonly closed: Closed }
  /** The next attempt is made after so long, because of this. */
  | { readonly _tag: 'Waiting'; readonly delayMs: number; readonly attempt: number; readonly error: unknown }
  /** There is no next attempt; the stream fails with this. */
  | { readonly _tag: 'GivenUp'; readonly error: unknown }
