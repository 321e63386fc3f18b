import { brief } from '../../codec/internal/brief.ts'
import { Invalid } from '../../codec/invalid.ts'
import type { JsonRpcBroken, JsonRpcErrorObject, JsonRpcId, JsonRpcMessage, JsonRpcReceived } from '../message.ts'
import { JSON_RPC_CODES } from '../message.ts'

/** A frame, for the errors that are said of it. */
export interface Frame {
  readonly codec: string
  readonly text: string
  readonly offset: number
}

type Fields = Readonly<Record<string, unknown>>

const { invalidRequest } = JSON_RPC_CODES

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What may name a request. */
export const isId = (value: unknown): value is JsonRpcId =>
  value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))

/** What JSON says, as a message, or several. */
export const receivedOf = (value: unknown, frame: Frame, maxBatch: number): JsonRpcReceived => {
  if (!Array.isArray(value)) return messageOf(value, frame, [])
  const messages: ReadonlyArray<unknown> = value
  if (messages.length === 0) return broken(frame, value, [], 'a batch of one message at least', 'an empty array')
  if (messages.length > maxBatch) return broken(frame, value, [], `a batch of at most ${String(maxBatch)} messages`)
  return { _tag: 'Batch', messages: messages.map((message, index) => messageOf(message, frame, [index])) }
}

/** One message. Members that JSON-RPC knows nothing of are left out. */
const messageOf = (value: unknown, frame: Frame, path: ReadonlyArray<PropertyKey>): JsonRpcMessage | JsonRpcBroken => {
  if (!isFields(value)) return broken(frame, value, path, 'an object')
  if (value['jsonrpc'] !== '2.0') return broken(frame, value, [...path, 'jsonrpc'], '"2.0"', brief(value['jsonrpc']))
  if ('id' in value && !isId(value['id'])) {
    return broken(frame, value, [...path, 'id'], 'a text, a number or null', brief(value['id']))
  }
  return 'method' in value ? callOf(value, frame, path) : answerOf(value, frame, path)
}

const callOf = (value: Fields, frame: Frame, path: ReadonlyArray<PropertyKey>): JsonRpcMessage | JsonRpcBroken => {
  const { id, method, params } = value
  if (typeof method !== 'string') return broken(frame, value, [...path, 'method'], 'a text', brief(method))
  if ('params' in value && !isParams(params)) {
    return broken(frame, value, [...path, 'params'], 'an array or an object', brief(params))
  }
  const call = isParams(params) ? { method, params } : { method }
  return isId(id) ? { _tag: 'Request', id, ...call } : { _tag: 'Notification', ...call }
}

export const isParams = (params: unknown): params is ReadonlyArray<unknown> | Fields =>
  isFields(params) || Array.isArray(params)

const answerOf = (value: Fields, frame: Frame, path: ReadonlyArray<PropertyKey>): JsonRpcMessage | JsonRpcBroken => {
  const { id, result, error } = value
  const [good, bad] = ['result' in value, 'error' in value]
  if (good === bad || !isId(id)) return broken(frame, value, path, 'a request, or an answer with its id')
  if (good) return { _tag: 'Result', id, result }
  if (isErrorObject(error)) {
    const { code, message } = error
    return { _tag: 'Failure', id, error: 'data' in error ? { code, message, data: error.data } : { code, message } }
  }
  return broken(frame, value, [...path, 'error'], 'a whole number as code, and a text as message', brief(error))
}

export const isErrorObject = (error: unknown): error is JsonRpcErrorObject =>
  isFields(error) && Number.isSafeInteger(error['code']) && typeof error['message'] === 'string'

const broken = (
  { codec, text, offset }: Frame,
  value: unknown,
  path: ReadonlyArray<PropertyKey>,
  expected: string,
  got: string = brief(value),
): JsonRpcBroken => {
  const id = isFields(value) && isId(value['id']) ? value['id'] : null
  const error = new Invalid({ codec, issues: [{ path, expected, got }], frame: text, offset })
  return { _tag: 'Broken', code: invalidRequest, id, error }
}
