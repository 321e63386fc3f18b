import type { SchedulerLike } from 'rxjs'
import type { Backoff } from '../backoff.ts'
import type { Clocks } from '../clocks.ts'

/** Options of `client`. */
export interface ClientOptions {
  /** How many requests may be in flight on a connection. Default 64. */
  readonly window?: number
  /**
   * How many more may wait for a place there; a further one fails with `WindowFull`. 0: none waits but for a
   * connection that is on its way. Default 1,024.
   */
  readonly maxWaiting?: number
  /** How long an answer may take, if the request does not say. `Infinity`: for ever. Default 30,000. */
  readonly timeoutMs?: number
  /**
   * When a request marked `idempotent` that was lost is asked again, within its time. Default: never. `retryIf` is given
   * `ConnectionLost`; the count of attempts is each request's own.
   */
  readonly retry?: Backoff
  /**
   * How many messages of the peer are kept while nobody subscribes to `pushes$`; then reading stops, answers
   * included. 0: those are dropped. Default 128.
   */
  readonly maxPushes?: number
  /** Clocks for the conversation. Default: those of the connection. */
  readonly clocks?: Clocks
  /** Where time comes from (R22). Default: timers on a monotonic clock. */
  readonly scheduler?: SchedulerLike
}

/** Options of one request. */
export interface RequestOptions {
  /**
   * How long the answer may take, from the asking: the time it waits for its place, for a connection, and between
   * attempts included. With `streaming` each answer begins it anew. Default: that of the client.
   */
  readonly timeoutMs?: number
  /** Cancels it. */
  readonly signal?: AbortSignal
  /** Whether it does no harm to ask again when nobody knows whether it was heard. Default false: then it never is. */
  readonly idempotent?: boolean
}
