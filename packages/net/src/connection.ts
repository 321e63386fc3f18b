import type { EncodeError, Invalid, Protocol } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import type { PeerCertificate } from 'node:tls'
import type { Observable, SchedulerLike } from 'rxjs'
import type { Clocks } from './clocks.ts'
import type { Endpoint } from './endpoint.ts'
import type { Cause, Clock, Figures, WriteError } from './errors.ts'
import type { Proxied } from './proxyAccept.ts'

export type { Endpoint } from './endpoint.ts'

/**
 * What happens to a connection, in order; `Closed` is always the last (R10).
 *
 * ```
 *  Lookup? Proxied? Connected Secured?
 *    (Data | Paused | Resumed | Drained | Dropped | Invalid | Idle | Secured | RemoteEnded | LocalEnded)*
 *  Failed? Closed
 * ```
 *
 * - `Secured` comes once at most: with the connection, or later, where it is upgraded to TLS.
 * - `RemoteEnded` and `LocalEnded` come once at most, in either order. There is no `Data` behind `RemoteEnded`.
 * - `Paused` and `Resumed` take turns.
 * - `Lookup`, `Proxied`, `Connected`, `Secured`, `RemoteEnded`, `LocalEnded`, `Failed` and `Closed` are milestones: who subscribes
 *   late hears those so far first, in order. The others are told to who listens when they happen.
 *
 * `Failed` comes where the end is a failure, with its error:
 *
 * | cause | `Failed` | its error |
 * |---|---|---|
 * | `Finished`, `ShutDown` | no | |
 * | `Aborted` without a reason | no | |
 * | `Aborted` with a reason | yes | the reason |
 * | `Truncated`, `Reset`, `ProtocolFailed`, `HandlerFailed`, `ConnectFailed`, `TlsFailed` | yes | that of the cause |
 * | `TimedOut`, `Overflowed` | yes | `ConnectionLost`, with the cause as its `reason` |
 *
 * What should be an error and is none, an aborted string or a thrown number, is wrapped in `ConnectionLost` as well.
 */
export type ConnectionEvent =
  | Lookup
  | Proxied
  | { readonly _tag: 'Connected'; readonly local: Endpoint | undefined; readonly remote: Endpoint | undefined }
  | Secured
  | { readonly _tag: 'Data'; readonly bytes: number }
  | { readonly _tag: 'Paused' }
  | { readonly _tag: 'Resumed' }
  | { readonly _tag: 'Drained' }
  | { readonly _tag: 'Dropped'; readonly messages: number }
  | InvalidMessages
  | { readonly _tag: 'Idle'; readonly clock: Clock; readonly afterMs: number }
  | { readonly _tag: 'RemoteEnded' }
  | { readonly _tag: 'LocalEnded' }
  | { readonly _tag: 'Failed'; readonly error: Error }
  | Closed

/**
 * Frames that were whole and no message, which `speak` or `serve` skipped or answered as its option `invalid` says. Told
 * once for all that come together, however many: `messages` of them, and the `error` of the first.
 */
export interface InvalidMessages {
  readonly _tag: 'Invalid'
  readonly messages: number
  readonly error: Invalid
}

/** A name was looked up, and these are the addresses it stands for; or it has none. */
export interface Lookup {
  readonly _tag: 'Lookup'
  readonly host: string
  readonly addresses: readonly string[]
}

/** The TLS handshake is done, and the peer is who it had to be. */
export interface Secured {
  readonly _tag: 'Secured'
  readonly tls: TlsFacts
}

/** What a TLS handshake has settled. */
export interface TlsFacts {
  /** `TLSv1.3` … */
  readonly protocol: string
  /** The name of the cipher suite. */
  readonly cipher: string
  /** The protocol both sides agreed on, if ALPN was used. */
  readonly alpn: string | undefined
  /** The name the client asked for, if it did. */
  readonly serverName: string | undefined
  /** Whether the peer's certificate was verified: false where none was asked for, or that was turned off. */
  readonly authorized: boolean
  /** The peer's certificate, if it showed one. */
  readonly peerCertificate: PeerCertificate | undefined
  /** Whether an earlier session was resumed. */
  readonly resumed: boolean
}

/** The last event of a connection: why it is over, and how it went. */
export interface Closed {
  readonly _tag: 'Closed'
  readonly cause: Cause
  readonly figures: Figures
}

/**
 * What happens when more waits for the peer than may (R7).
 *
 * | policy | |
 * |---|---|
 * | `hold` | the gate of the source that feeds the writer is held; where none feeds it, as `fail` |
 * | `fail` | the peer that does not read is put out (cause `Overflowed`), and nobody waits for it |
 * | `dropNewest` | the message is dropped, counted, and told as the event `Dropped` |
 * | `dropOldest` | the messages that have waited longest are dropped for it |
 */
export type FullPolicy = 'hold' | 'fail' | 'dropNewest' | 'dropOldest'

/** Options every connection has, however it came to be. */
export interface ConnectionOptions extends Clocks {
  /** What happens when the writer is full. Default `hold`. */
  readonly whenFull?: FullPolicy
  /** From so many unsent bytes on, `hold` holds. Default 65,536. */
  readonly highWaterMark?: number
  /**
   * The most bytes that may wait unsent before a further message is refused, dropped, or ends the
   * connection. Default 1,048,576. A message that is begun under the bound is taken whole; with
   * `dropOldest` the newest one waits besides, also where all the rest is with the socket already.
   */
  readonly maxUnsentBytes?: number
  /** Where all time comes from (R22). Default: timers on a monotonic clock. */
  readonly scheduler?: SchedulerLike
}

/**
 * One lifted duplex: TCP, Unix socket, any Node `Duplex`. Half-open always: each side ends on its own.
 *
 * ```
 *             data$ ────────▶  FIN of the peer completes it, nothing else (R2)
 *  peer                        this side
 *             ◀──────── write  bounded, joined per dispatch (R6, R7); end() sends our FIN
 *
 *  events$    Connected · Data* · RemoteEnded? · LocalEnded? · Failed? · Closed     see ConnectionEvent
 * ```
 */
export interface Connection {
  /** Counts from 1 in this process: a name for logs. */
  readonly id: number
  /** `undefined` where the peer has gone before anybody could ask (FAULTS: a reset before accept). */
  readonly remote: Endpoint | undefined
  readonly local: Endpoint | undefined
  /**
   * Everything that happens, in order, the milestones so far first for who comes late. Completes after
   * `Closed`; never fails.
   */
  readonly events$: Observable<ConnectionEvent>
  /**
   * The bytes as they come. Paused until somebody subscribes, paused again when nobody does; no byte is
   * lost between two subscribers (R1). Errors: `ConnectionLost` · `AlreadySubscribed`.
   */
  readonly data$: Observable<Uint8Array>
  /** Bytes that wait here and in the socket, not yet with the kernel. */
  readonly unsentBytes: number
  /** Whether a write now would hold its source, or be refused. */
  readonly full: boolean
  /** Whether nothing is read now: by `pause`, by a full sink, or because nobody subscribes. */
  readonly paused: boolean
  /** Whether the peer has ended its side, and everything before that is taken. */
  readonly remoteEnded: boolean
  /** Whether our side has ended, and everything before that is with the kernel. */
  readonly localEnded: boolean
  /** What the TLS handshake settled; `undefined` where there was none. */
  readonly tls: TlsFacts | undefined
  /** How it went so far. */
  readonly figures: Figures
  /**
   * Stops reading until {@link resume}, whoever subscribes: not one message more, also of the chunk in hand, and no
   * byte is lost. A dead peer is still found (R23). Again: nothing more.
   */
  pause(): void
  /** Takes {@link pause} back. A full sink may still hold. */
  resume(): void
  /** Keeps the process running while the connection is open: so it is from the beginning. */
  ref(): void
  /** Lets the process exit although the connection is open. */
  unref(): void
  /** Sets clocks from now on; what is not named stays as it was. Throws `WrongOption` for a time that cannot be. */
  setClocks(clocks: Clocks): void
  /**
   * Queues bytes. They leave at the end of the dispatch that is under way, else of the microtask. What is
   * no `Uint8Array` (from plain JavaScript) is `NotEncodable`.
   */
  write(bytes: Uint8Array): Either<WriteError | EncodeError, void>
  /** Queues one message as its protocol writes it. On `Left` nothing of it was queued. */
  send<Out>(protocol: Protocol<unknown, Out>, message: Out): Either<WriteError | EncodeError, void>
  /**
   * Ends our side after everything queued was flushed: FIN. Reading goes on, and what comes is kept for who
   * subscribes later; who wants nothing more calls `close`. Again: nothing more.
   */
  end(): void
  /**
   * Says goodbye: end the output, flush, read and discard until the peer ends, at most `lingerMs` (R11;
   * without it, that of the options). The input completes, also while it is paused. Again: nothing more, but a
   * `lingerMs` counts anew.
   */
  close(options?: { readonly lingerMs?: number }): void
  /** Breaks off at once, with a reset where there is one to send. `reason` goes into the cause. */
  abort(reason?: unknown): void
  /** As `abort`, for `await using`; waits for `Closed`. */
  [Symbol.asyncDispose](): Promise<void>
}
