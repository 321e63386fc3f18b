import type {
  JsonRpcBatch,
  JsonRpcBroken,
  JsonRpcErrorObject,
  JsonRpcFailure,
  JsonRpcId,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcReceived,
  JsonRpcRequest,
  JsonRpcResult,
  JsonRpcSent,
} from '@sluice/protocol'
import { JSON_RPC_CODES, jsonRpc } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { ObservableInput } from 'rxjs'
import { EMPTY, from, mergeMap, of } from 'rxjs'
import type { Connection } from '../../connection.ts'
import { JsonRpcError } from '../../jsonRpc/jsonRpcError.ts'
import type { JsonRpcCall, JsonRpcMethod } from '../../jsonRpc/jsonRpcMethod.ts'
import { LiveCall } from './liveCall.ts'
import { Slots } from './slots.ts'

/** What a server is told, checked. */
export interface ServerSettings {
  readonly methods: Readonly<Record<string, JsonRpcMethod>>
  readonly parallelism: number
  readonly cancelMethod: string | undefined
  readonly onError: (error: unknown, call: JsonRpcCall) => void
}

type Answer = JsonRpcResult | JsonRpcFailure
/** What comes of a call; `null` where nobody is to know. */
type Outcome = Answer | null
type Say = (notification: JsonRpcNotification) => void

/** The calls of one connection. */
export class Serving {
  readonly #settings: ServerSettings
  readonly #connection: Connection
  readonly #say: Say
  readonly #slots: Slots
  readonly #calls = new Set<LiveCall>()
  #stopped = false

  constructor(settings: ServerSettings, connection: Connection, say: Say) {
    this.#settings = settings
    this.#connection = connection
    this.#say = say
    this.#slots = new Slots(settings.parallelism)
  }

  /** What is answered to a message; at once where the method answers at once. */
  readonly answer = (message: JsonRpcReceived): ObservableInput<JsonRpcSent> => {
    if (message._tag === 'Batch') return this.#batch(message)
    const outcome = this.#one(message)
    if (outcome instanceof Promise) return from(outcome).pipe(mergeMap(said))
    return said(outcome)
  }

  /** Nobody waits for answers any more. */
  stop(): void {
    this.#stopped = true
    for (const call of this.#calls) call.cancel(new Error('the conversation is over'))
  }

  #batch({ messages }: JsonRpcBatch<JsonRpcMessage | JsonRpcBroken>): ObservableInput<JsonRpcSent> {
    return from(Promise.all(messages.map(async (message) => this.#one(message)))).pipe(
      mergeMap((outcomes) => {
        const answers = outcomes.filter((outcome) => outcome !== null)
        return answers.length === 0 ? EMPTY : of<JsonRpcSent>({ _tag: 'Batch', messages: answers })
      }),
    )
  }

  #one(message: JsonRpcMessage | JsonRpcBroken): Outcome | Promise<Outcome> {
    switch (message._tag) {
      case 'Broken':
        return failure(message.id, brokenError(message))
      case 'Request':
      case 'Notification':
        return this.#call(message)
      case 'Result':
      case 'Failure':
        // of a request of ours, and this side makes none
        return null
    }
  }

  #call(message: JsonRpcRequest | JsonRpcNotification): Outcome | Promise<Outcome> {
    const { methods, cancelMethod } = this.#settings
    if (message._tag === 'Notification' && message.method === cancelMethod) return this.#cancel(message)
    const method = Object.hasOwn(methods, message.method) ? methods[message.method] : undefined
    if (method === undefined) return message._tag === 'Request' ? failure(message.id, METHOD_NOT_FOUND) : null
    return this.#slots.take() ? this.#run(method, message) : this.#runLater(method, message)
  }

  async #runLater(method: JsonRpcMethod, message: JsonRpcRequest | JsonRpcNotification): Promise<Outcome> {
    await this.#slots.wait()
    return this.#run(method, message)
  }

  /** In a slot that is taken. */
  #run(method: JsonRpcMethod, message: JsonRpcRequest | JsonRpcNotification): Outcome | Promise<Outcome> {
    const call = new LiveCall(message, this.#connection, this.#say)
    if (this.#stopped) return this.#over(call, null)
    this.#calls.add(call)
    try {
      const result = method(message.params, call)
      if (!isPending(result)) return this.#over(call, this.#result(call, result))
      return Promise.resolve(result).then(
        (value) => this.#over(call, this.#result(call, value)),
        (error: unknown) => this.#over(call, this.#failed(call, error)),
      )
    } catch (error) {
      return this.#over(call, this.#failed(call, error))
    }
  }

  #over(call: LiveCall, outcome: Outcome): Outcome {
    this.#calls.delete(call)
    this.#slots.give()
    return outcome
  }

  #cancel({ params }: JsonRpcNotification): null {
    const id: unknown = params !== undefined && 'id' in params ? params['id'] : undefined
    for (const call of this.#calls) if (id !== undefined && call.id === id) call.cancel(new Error(CANCELLED.message))
    return null
  }

  #result(call: LiveCall, result: unknown): Outcome {
    const { id } = call
    if (id === undefined) return null
    const answer: JsonRpcResult = { _tag: 'Result', id, result: result === undefined ? null : result }
    const refused = sayable(answer)
    return refused === null ? answer : this.#failed(call, refused)
  }

  #failed(call: LiveCall, error: unknown): Outcome {
    const { id } = call
    if (error instanceof JsonRpcError) {
      const { code, message, data } = error
      const answer =
        id === undefined ? null : failure(id, data === undefined ? { code, message } : { code, message, data })
      const refused = answer === null ? null : sayable(answer)
      if (refused === null) return answer
      this.#settings.onError(refused, call)
      return id === undefined ? null : failure(id, INTERNAL)
    }
    if (call.cancelled) return id === undefined ? null : failure(id, CANCELLED)
    this.#settings.onError(error, call)
    return id === undefined ? null : failure(id, INTERNAL)
  }
}

const METHOD_NOT_FOUND: JsonRpcErrorObject = { code: JSON_RPC_CODES.methodNotFound, message: 'Method not found' }
const INTERNAL: JsonRpcErrorObject = { code: JSON_RPC_CODES.internalError, message: 'Internal error' }
/** What language servers answer to a request that was cancelled. */
const CANCELLED: JsonRpcErrorObject = { code: -32800, message: 'Request cancelled' }

const said = (outcome: Outcome): ObservableInput<JsonRpcSent> => (outcome === null ? EMPTY : of(outcome))

const failure = (id: JsonRpcId, error: JsonRpcErrorObject): JsonRpcFailure => ({ _tag: 'Failure', id, error })

const brokenError = ({ code, error }: JsonRpcBroken): JsonRpcErrorObject => ({
  code,
  message: code === JSON_RPC_CODES.parseError ? 'Parse error' : 'Invalid Request',
  data: error.message,
})

const isPending = (result: unknown): result is PromiseLike<unknown> =>
  typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function'

const codec = jsonRpc()

/** What keeps an answer from being sent, or null: one that cannot be is to fail its call, not the connection. */
const sayable = (answer: Answer): Error | null => {
  const value = answer._tag === 'Result' ? answer.result : answer.error.data
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return null
  const written = codec.encode(answer)
  return E.isLeft(written) ? written.left : null
}
