import type { Invalid } from '@sluice/protocol'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Observable } from 'rxjs'
import type { Closed, Connection, Endpoint } from './connection.ts'
import type { TlsAcceptor } from './tlsAcceptor.ts'

/**
 * Why somebody was not let in (R24).
 *
 * | reason | |
 * |---|---|
 * | `connections` | as many as `maxConnections` are open |
 * | `perPeer` | as many as `maxConnectionsPerPeer` are open from that address |
 * | `unconsumed` | as many as `maxUnconsumed` wait for somebody who takes them |
 * | `buffered` | more than `maxBufferedBytes` wait, though reading was stopped |
 * | `descriptors` | the process has hardly any file descriptor left |
 * | `handshakes` | as many as `maxHandshakes` are under way |
 * | `blocked` | the address is not in `allow`, or it is in `deny` |
 * | `suspended` | accepting is suspended, and as many as may wait do |
 * | `draining` | the listener is drained or closed |
 */
export type RefusalReason =
  | 'connections'
  | 'perPeer'
  | 'unconsumed'
  | 'buffered'
  | 'descriptors'
  | 'handshakes'
  | 'blocked'
  | 'suspended'
  | 'draining'

/** Why nobody is let in for a while: by `suspend()`, or by a limit that concerns everybody. */
export type SuspendReason = 'asked' | 'buffered' | 'descriptors'

/**
 * What happens to a listener, in order; `Closed` is the last.
 *
 * | event | |
 * |---|---|
 * | `Listening` | bound; one for each address |
 * | `Accepted` | a connection goes to the subscriber of `connections$` |
 * | `Refused` | somebody was not let in |
 * | `HandshakeFailed` | TLS or the PROXY header failed, or took too long |
 * | `Left` | somebody went away before anybody took him |
 * | `AcceptFailed` | the system could not accept; the listener goes on |
 * | `Invalid` | a conversation skipped or answered messages that were none, as told by its connection |
 * | `Suspended`, `Resumed` | from here on nobody is let in, and from there on again |
 * | `Draining` | a drain has begun |
 * | `Closed` | it is over |
 */
export type ListenerEvent =
  | { readonly _tag: 'Listening'; readonly address: Endpoint }
  | { readonly _tag: 'Accepted'; readonly connection: Connection }
  | { readonly _tag: 'Refused'; readonly reason: RefusalReason; readonly remote: Endpoint | undefined }
  | { readonly _tag: 'HandshakeFailed'; readonly error: Error; readonly remote: Endpoint | undefined }
  | { readonly _tag: 'Left'; readonly remote: Endpoint | undefined }
  | { readonly _tag: 'AcceptFailed'; readonly error: Error }
  | {
      readonly _tag: 'Invalid'
      readonly connection: Connection
      readonly messages: number
      readonly error: Invalid
    }
  | { readonly _tag: 'Suspended'; readonly reason: SuspendReason }
  | { readonly _tag: 'Resumed'; readonly reason: SuspendReason }
  | { readonly _tag: 'Draining' }
  | { readonly _tag: 'Closed' }

/**
 * How many came, and what became of them. Whoever arrived is in exactly one of the others, or still waits:
 * `arrived = accepted + every refused + handshakesFailed + left + who waits or shakes hands`.
 */
export interface ListenerCounts {
  /** Sockets the system has accepted for us. */
  readonly arrived: number
  /** Connections that went to a subscriber. */
  readonly accepted: number
  /** By reason; a reason that never was is 0. */
  readonly refused: Readonly<Record<RefusalReason, number>>
  readonly handshakesFailed: number
  /** Gone before anybody took them. */
  readonly left: number
}

/** Options of {@link Listener.drain}. */
export interface DrainOptions {
  /** When to break off whatever is not over. Default 15,000; `Infinity`: never. */
  readonly deadlineMs?: number
  /**
   * What every open connection is told when the drain begins: bytes, or whatever the function sends (a
   * "going away" of the protocol). It stands between messages. Default: nothing.
   */
  readonly goodbye?: Uint8Array | string | ((connection: Connection) => void)
}

/** What became of everybody: `finished + aborted + refused = live + arrived`. */
export interface DrainReport {
  /** How many were there when the drain began, those that nobody had taken yet included. */
  readonly live: number
  /** How many more the system had accepted for us already. */
  readonly arrived: number
  /** Connections that ended by themselves within the deadline; how, says their cause. */
  readonly finished: number
  /** Connections aborted at the deadline. */
  readonly aborted: number
  /** Who never became a connection: refused, broken off in a handshake, or gone. */
  readonly refused: number
  readonly durationMs: number
  /** One entry a connection, in the order they ended. */
  readonly connections: readonly { readonly connection: Connection; readonly closed: Closed }[]
}

/**
 * A bound server.
 *
 * ```
 *  kernel ──▶ limits ──▶ TLS, PROXY ──▶ waiting room ──▶ connections$
 *               │            │               ▲ while nobody takes them: unread, at most maxUnconsumed
 *               ▼            ▼
 *            Refused   HandshakeFailed
 * ```
 */
export interface Listener {
  /** Where it can be reached, the first of `addresses`; the port is the real one also where 0 was asked for. */
  readonly address: Endpoint
  /** Where it can be reached, in the order of the options. */
  readonly addresses: readonly Endpoint[]
  /**
   * Each accepted connection, once, to one subscriber at a time. Its gate is current meanwhile, so
   * `mapAsync(10, session)` has ten at a time. Who comes while the gate is held, or nobody subscribes,
   * waits unread, up to `maxUnconsumed`, and is refused beyond.
   */
  readonly connections$: Observable<Connection>
  /** Everything that happens, `Listening` first for who comes late. */
  readonly events$: Observable<ListenerEvent>
  /** The server's side of TLS, for other certificates while it listens; `undefined` without TLS. */
  readonly tls: TlsAcceptor | undefined
  /** How many were let in and are open, those in a handshake and those that wait for a taker included. */
  readonly live: number
  /** How many wait: for a taker, for a limit, or for the end of a suspension. */
  readonly pending: number
  /** Whether accepting is suspended, for whatever reason. */
  readonly suspended: boolean
  readonly counts: ListenerCounts
  /** Bytes that wait in all its connections, unsent or unread; counted now. */
  readonly bufferedBytes: number
  /**
   * Lets nobody in until {@link resume}. The socket stays bound, and who comes waits, up to
   * `maxUnconsumed`. Again: nothing more.
   */
  suspend(): void
  /** Lets in who waits, and everybody after them. */
  resume(): void
  /** Keeps the process running while it listens: so it is from the beginning. */
  ref(): void
  /** Lets the process exit although it listens. */
  unref(): void
  /**
   * Takes whom the system has accepted already, stops accepting, completes the input of every
   * conversation so that it can finish, and aborts what is left at the deadline (R25). What was received
   * before is answered. Never fails; the listener is closed afterwards. Again: the same drain.
   */
  drain(options?: DrainOptions): TE.TaskEither<never, DrainReport>
  /** Closes at once, and aborts every connection: as unsubscribing from `listen` does. */
  abort(): void
  /** As `drain` without options, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
