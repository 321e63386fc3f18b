import type {
  Invalid,
  JsonRpcFailure,
  JsonRpcNotification,
  JsonRpcParams,
  JsonRpcReceived,
  JsonRpcResult,
  JsonRpcSent,
  Protocol,
  Schema,
  SchemaOutput,
} from '@sluice/protocol'
import { typedAsync } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Observable } from 'rxjs'
import { EMPTY, mergeMap, of } from 'rxjs'
import type { Connection } from '../../connection.ts'
import type {
  JsonRpcBatchCall,
  JsonRpcCallOptions,
  JsonRpcClient,
  JsonRpcClientOptions,
} from '../../jsonRpc/jsonRpcCalls.ts'
import type { JsonRpcError } from '../../jsonRpc/jsonRpcError.ts'
import type { Client, CloseOptions } from '../../requests/client.ts'
import { client } from '../../requests/client.ts'
import type { RequestOptions } from '../../requests/clientOptions.ts'
import type { RequestError } from '../../requests/requestErrors.ts'
import type { Asking, CallResult } from './asking.ts'
import { asking, batchOf, resultOf, resultsOf } from './asking.ts'

/** A client whose requests are calls, and batches of them. */
export class LiveJsonRpcClient implements JsonRpcClient {
  readonly #client: Client<Asking, JsonRpcReceived, JsonRpcSent>
  readonly pushes$: Observable<JsonRpcReceived>
  readonly notifications$: Observable<JsonRpcNotification>

  constructor(
    connections$: Observable<Connection>,
    protocol: Protocol<JsonRpcReceived, JsonRpcSent>,
    { cancelMethod, ...options }: JsonRpcClientOptions,
  ) {
    this.#client = client(connections$, protocol, asking(cancelMethod), options)
    this.pushes$ = this.#client.pushes$
    this.notifications$ = this.pushes$.pipe(mergeMap(notificationsIn))
  }

  call<S extends Schema>(
    method: string,
    params: JsonRpcParams | undefined,
    options: JsonRpcCallOptions<S>,
  ): TE.TaskEither<JsonRpcError | RequestError | Invalid, SchemaOutput<S>>
  call(
    method: string,
    params?: JsonRpcParams,
    options?: RequestOptions,
  ): TE.TaskEither<JsonRpcError | RequestError, unknown>
  call(
    method: string,
    params?: JsonRpcParams,
    options: RequestOptions & { readonly result?: Schema } = {},
  ): TE.TaskEither<JsonRpcError | RequestError | Invalid, unknown> {
    const { result, ...rest } = options
    const answer = this.#client.request({ method, params }, rest)
    const called = TE.flatMap(answer, (message) => TE.fromEither(resultOf(message)))
    if (result === undefined) return called
    const check = typedAsync(result)
    return TE.flatMap(called, (value) => async () => check(value))
  }

  notify(method: string, params?: JsonRpcParams, options?: RequestOptions): TE.TaskEither<RequestError, void> {
    const message = { _tag: 'Notification', method, params } as const
    return this.#client.notify(message, options)
  }

  batch(
    calls: readonly JsonRpcBatchCall[],
    options?: RequestOptions,
  ): TE.TaskEither<RequestError, readonly CallResult[]> {
    if (calls.some(({ notify }) => notify !== true)) {
      return TE.map((answer: JsonRpcReceived) => resultsOf(calls, answer))(this.#client.request(calls, options))
    }
    const nothing = calls.map(() => E.right(undefined))
    if (calls.length === 0) return TE.right(nothing)
    return TE.map(() => nothing)(this.#client.notify(batchOf(calls, 0), options))
  }

  respond(answer: JsonRpcResult | JsonRpcFailure): TE.TaskEither<RequestError, void> {
    return this.#client.notify(answer)
  }

  async close(options?: CloseOptions): Promise<void> {
    await this.#client.close(options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

const notificationsIn = (message: JsonRpcReceived): Observable<JsonRpcNotification> => {
  if (message._tag === 'Notification') return of(message)
  if (message._tag !== 'Batch') return EMPTY
  return of(...message.messages.filter((one) => one._tag === 'Notification'))
}
