import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Observable } from 'rxjs'
import type { Closed, Connection, Endpoint } from './connection.ts'

/** What happens to a listener, in order; `Closed` is the last. */
export type ListenerEvent =
  | { readonly _tag: 'Listening'; readonly address: Endpoint }
  | { readonly _tag: 'Accepted'; readonly connection: Connection }
  | { readonly _tag: 'Refused'; readonly reason: 'connections' | 'unconsumed'; readonly remote: Endpoint | undefined }
  | { readonly _tag: 'AcceptFailed'; readonly error: Error }
  | { readonly _tag: 'Draining' }
  | { readonly _tag: 'Closed' }

/** What became of the connections that were open when a drain began. */
export interface DrainReport {
  /** Ended by themselves within the deadline. */
  readonly finished: number
  /** Aborted at the deadline. */
  readonly aborted: number
  /** One entry a connection, in the order they ended. */
  readonly connections: readonly { readonly connection: Connection; readonly closed: Closed }[]
}

/** A bound server. */
export interface Listener {
  /** Where it can be reached; the port is the real one also where 0 was asked for. */
  readonly address: Endpoint
  /**
   * Each accepted connection, once. One subscriber at a time; what is accepted before the first is kept,
   * up to `maxUnconsumed`, and refused beyond.
   */
  readonly connections$: Observable<Connection>
  /** Everything that happens, `Listening` first for who comes late. */
  readonly events$: Observable<ListenerEvent>
  /** How many accepted connections are open. */
  readonly live: number
  /**
   * Stops accepting, completes the input of every open conversation so that it can finish, and aborts
   * what is left at the deadline (R25). Never fails; the listener is closed afterwards. Again: the same
   * drain.
   */
  drain(options?: { readonly deadlineMs?: number }): TE.TaskEither<never, DrainReport>
}
