import type {
  JsonRpcBatch,
  JsonRpcFailure,
  JsonRpcId,
  JsonRpcParams,
  JsonRpcReceived,
  JsonRpcResult,
  JsonRpcSent,
} from '@sluice/protocol'
import { JSON_RPC_CODES } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { JsonRpcError } from '../../jsonRpc/jsonRpcError.ts'
import type { Mode } from '../../requests/mode.ts'
import { correlated } from '../../requests/correlated.ts'

/** One call, in a batch or alone. */
export interface Called {
  readonly method: string
  readonly params?: JsonRpcParams | undefined
  readonly notify?: boolean | undefined
}

/** What a client asks with: one call, or those of a batch. */
export type Asking = Called | readonly Called[]

/**
 * How requests of JSON-RPC find their answers. A call has a number as its id, and the calls of a batch texts that begin
 * with one, so that their common answer is found by any of them.
 *
 * ```
 *  call     {"id":7,"method":"add",…}                              {"id":7,"result":3}
 *  batch    [{"id":"8.0","method":"add",…},{"id":"8.1",…}]         [{"id":"8.1",…},{"id":"8.0",…}]
 * ```
 */
export const asking = (cancelMethod: string | undefined): Mode<Asking, JsonRpcReceived, JsonRpcSent> =>
  correlated({
    idOf,
    withId,
    ...(cancelMethod === undefined
      ? {}
      : {
          cancel: (id: number): JsonRpcSent => ({ _tag: 'Notification', method: cancelMethod, params: { id } }),
        }),
  })

const withId = (request: Asking, id: number): JsonRpcSent =>
  isOne(request) ? { _tag: 'Request', id, ...callOf(request) } : batchOf(request, id)

/** A batch as it is sent: those that are notifications have no id. */
export const batchOf = (calls: readonly Called[], id: number): JsonRpcBatch => ({
  _tag: 'Batch',
  messages: calls.map((call, index) =>
    call.notify === true
      ? { _tag: 'Notification', ...callOf(call) }
      : { _tag: 'Request', id: batchId(id, index), ...callOf(call) },
  ),
})

const isOne = (request: Asking): request is Called => !Array.isArray(request)

const callOf = ({ method, params }: Called) => (params === undefined ? { method } : { method, params })

const batchId = (id: number, index: number): string => `${String(id)}.${String(index)}`

const idOf = (message: JsonRpcReceived): number | undefined => {
  if (message._tag === 'Result' || message._tag === 'Failure') {
    return typeof message.id === 'number' ? message.id : undefined
  }
  if (message._tag !== 'Batch') return undefined
  for (const one of message.messages) {
    const id = one._tag === 'Result' || one._tag === 'Failure' ? numberIn(one.id) : undefined
    if (id !== undefined) return id
  }
  return undefined
}

const numberIn = (id: JsonRpcId): number | undefined => {
  const digits = typeof id === 'string' ? /^(\d{1,16})\.\d+$/.exec(id)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}

/** What one call came to. */
export type CallResult = E.Either<JsonRpcError, unknown>

/** What an answer says; one that is none says that. */
export const resultOf = (answer: JsonRpcReceived | undefined): CallResult => {
  if (answer?._tag === 'Result') return E.right(answer.result)
  return E.left(answer?._tag === 'Failure' ? new JsonRpcError(answer.error) : unanswered())
}

const unanswered = (): JsonRpcError =>
  new JsonRpcError({ code: JSON_RPC_CODES.internalError, message: 'the answer to the batch leaves this call out' })

/** What each call of a batch came to, in their order; notifications to nothing. */
export const resultsOf = (calls: readonly Called[], answer: JsonRpcReceived): readonly CallResult[] => {
  const answers = new Map<number, JsonRpcResult | JsonRpcFailure>()
  for (const one of answer._tag === 'Batch' ? answer.messages : []) {
    if ((one._tag === 'Result' || one._tag === 'Failure') && typeof one.id === 'string') {
      answers.set(Number(one.id.slice(one.id.indexOf('.') + 1)), one)
    }
  }
  return calls.map((call, index) => (call.notify === true ? E.right(undefined) : resultOf(answers.get(index))))
}
