import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Observable } from 'rxjs'
import type { RequestOptions } from './clientOptions.ts'
import type { RequestError } from './requestErrors.ts'

/** Options of `close` of a `Client`. */
export interface CloseOptions {
  /** How long what is in hand may still take. Default 0: it is settled at once. */
  readonly withinMs?: number
}

/** Asks and is answered. Made by `client` and by `pool`. */
export interface Client<Req, Res, Out = Req> {
  /**
   * Asks, each time the task is run. With `streaming` the last answer counts. Throws `WrongOption` for a time that
   * cannot be.
   */
  request(request: Req, options?: RequestOptions): TaskEither<RequestError, Res>
  /** As {@link request}, and emits each answer. Unsubscribing cancels. Errors: `RequestError`. */
  request$(request: Req, options?: RequestOptions): Observable<Res>
  /** Sends a message that has no answer, in its turn. It is `Right` once it is with the connection. */
  notify(message: Out, options?: RequestOptions): TaskEither<RequestError, void>
  /**
   * What the peer says unasked. To subscribe connects. While nobody does, `maxPushes` are kept for who comes first.
   * Completes when the client is closed; never fails.
   */
  readonly pushes$: Observable<Res>
  /** Requests that are sent and not answered, those that keep their place although nobody waits included. */
  readonly inFlight: number
  /** Requests that are not sent yet. */
  readonly waiting: number
  /** Connections that are open. */
  readonly connections: number
  /** Answers that came for requests nobody waited for any more. They were dropped. */
  readonly lateAnswers: number
  /**
   * Asks nothing more, settles all that is left with `ClientClosed`, and says goodbye to the peer. Resolves when every
   * connection is over; never rejects. Again: the same, and without `withinMs` at once.
   */
  close(options?: CloseOptions): Promise<void>
  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
