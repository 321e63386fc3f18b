import type { Subscription } from 'rxjs'
import type { Closed, Connection, ConnectionEvent, Handler, Listener } from '../../src/index.ts'
import type { Peer } from './peer.ts'

/** A connection of ours, all that was told about it, and what was said. */
export interface Watched {
  readonly connection: Connection
  readonly events: ConnectionEvent[]
  /** Whether it is the one under the fault, or somebody else. */
  readonly victim: boolean
}

/** Our end of a conversation. */
export interface Ours {
  readonly connection: Connection
  /** What the handler was given, and what it gave, in order. */
  readonly heard: string[]
  readonly said: string[]
  readonly closed: Promise<Closed>
  /** Stops our side, as a user does. */
  readonly subscription: Subscription
}

/** A connection of ours, and the other end of it. */
export interface Pair {
  readonly connection: Connection
  readonly peer: Peer
}

/** A conversation of ours with a peer. */
export interface Talk extends Ours, Pair {}

/** A server of ours: a new peer and our end of it, or our end alone of who comes by other ways. */
export interface Serving {
  readonly listener: Listener
  readonly handler: Handler<string, string>
  readonly talk: () => Promise<Talk>
  readonly next: () => Promise<Ours>
}
