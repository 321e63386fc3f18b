import type {
  Invalid,
  JsonRpcFailure,
  JsonRpcNotification,
  JsonRpcParams,
  JsonRpcReceived,
  JsonRpcResult,
  Schema,
  SchemaOutput,
} from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Observable } from 'rxjs'
import type { CloseOptions } from '../requests/client.ts'
import type { ClientOptions, RequestOptions } from '../requests/clientOptions.ts'
import type { RequestError } from '../requests/requestErrors.ts'
import type { JsonRpcError } from './jsonRpcError.ts'

/** Options of `jsonRpcClient`. */
export interface JsonRpcClientOptions extends ClientOptions {
  /**
   * The notification by which the server is told, with its `id` as the only param, that nobody waits for an answer any
   * more: `'$/cancelRequest'` of language servers. Default: it is not told.
   */
  readonly cancelMethod?: string
}

/** One call of a batch. */
export interface JsonRpcBatchCall {
  readonly method: string
  readonly params?: JsonRpcParams | undefined
  /** Whether it is a notification, which has no answer. Default false. */
  readonly notify?: boolean | undefined
}

/** Options of a call whose result is checked. */
export interface JsonRpcCallOptions<S extends Schema> extends RequestOptions {
  /** What the result must be: a type of io-ts, or a Standard Schema. */
  readonly result: S
}

/** Calls methods of a peer. Made by `jsonRpcClient`. */
export interface JsonRpcClient {
  /**
   * Calls a method, each time the task is run. Errors: `JsonRpcError` as the server has sent it · `RequestError`
   * where there is no answer · `Invalid`, for a result that is not what `result` says.
   */
  call<S extends Schema>(
    method: string,
    params: JsonRpcParams | undefined,
    options: JsonRpcCallOptions<S>,
  ): TaskEither<JsonRpcError | RequestError | Invalid, SchemaOutput<S>>
  call(
    method: string,
    params?: JsonRpcParams,
    options?: RequestOptions,
  ): TaskEither<JsonRpcError | RequestError, unknown>
  /** Tells the server something. It is `Right` once it is with the connection. */
  notify(method: string, params?: JsonRpcParams, options?: RequestOptions): TaskEither<RequestError, void>
  /**
   * Calls several at once: one message, and one answer. What each came to, in the order of the calls; `Right` of
   * `undefined` for notifications. Without a call: nothing is sent.
   */
  batch(
    calls: readonly JsonRpcBatchCall[],
    options?: RequestOptions,
  ): TaskEither<RequestError, readonly Either<JsonRpcError, unknown>[]>
  /** Answers a request of the server's, which came by `pushes$`. */
  respond(answer: JsonRpcResult | JsonRpcFailure): TaskEither<RequestError, void>
  /** What the server says unasked: notifications, requests, errors that are of no request, messages that are none. */
  readonly pushes$: Observable<JsonRpcReceived>
  /** The notifications among them, those of batches included. */
  readonly notifications$: Observable<JsonRpcNotification>
  /** As `close` of a `Client`. */
  close(options?: CloseOptions): Promise<void>
  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
