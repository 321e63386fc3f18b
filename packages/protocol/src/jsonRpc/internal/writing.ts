import * as E from 'fp-ts/lib/Either.js'
import { brief } from '../../codec/internal/brief.ts'
import { reasonOf } from '../../codec/internal/reason.ts'
import type { JsonRpcMessage, JsonRpcSent } from '../message.ts'
import { isErrorObject, isId, isParams } from './reading.ts'

/** What is written, or what is wrong with it. */
type Written = E.Either<string, unknown>

/** What `JSON.stringify` is given. What it would leave out, or change, is refused where a reader would miss it. */
export const writtenOf = (sent: JsonRpcSent, maxBatch: number): Written => {
  try {
    return sent._tag === 'Batch' ? batch(sent.messages, maxBatch) : message(sent)
  } catch (cause) {
    return E.left(reasonOf(cause))
  }
}

const batch = (messages: ReadonlyArray<JsonRpcMessage>, maxBatch: number): Written => {
  const { length } = messages
  if (length === 0 || length > maxBatch) {
    return E.left(`a batch has from 1 to ${String(maxBatch)} messages, this one ${String(length)}`)
  }
  const all: unknown[] = []
  for (const one of messages) {
    const written = message(one)
    if (E.isLeft(written)) return written
    all.push(written.right)
  }
  return E.right(all)
}

const message = (sent: JsonRpcMessage): Written => {
  switch (sent._tag) {
    case 'Request':
      return withId(sent.id, (id) => call(sent, id))
    case 'Notification':
      return call(sent, {})
    case 'Result':
      return withId(sent.id, (id) => result(settled(sent.result), id))
    case 'Failure':
      return withId(sent.id, (id) => failure(sent.error, id))
    default:
      return E.left(`expected a message of JSON-RPC, got ${brief(sent)}`)
  }
}

const withId = (id: unknown, write: (id: { readonly id: unknown }) => Written): Written =>
  isId(id) ? write({ id }) : E.left(`id: expected a text, a number or null, got ${brief(id)}`)

const VERSION = { jsonrpc: '2.0' } as const

const call = ({ method, params }: { readonly method: unknown; readonly params?: unknown }, id: object): Written => {
  if (typeof method !== 'string') return E.left(`method: expected a text, got ${brief(method)}`)
  if (params === undefined) return E.right({ ...VERSION, ...id, method })
  const given = settled(params)
  if (!isParams(given)) return E.left(`params: expected an array or an object, got ${brief(given)}`)
  return E.right({ ...VERSION, ...id, method, params: given })
}

const result = (value: unknown, id: object): Written => {
  if (isSayable(value)) return E.right({ ...VERSION, ...id, result: value })
  return E.left(`result: JSON has no word for ${brief(value)}`)
}

const failure = (error: unknown, id: object): Written => {
  if (!isErrorObject(error)) return E.left('error: expected a whole number as code, and a text as message')
  const { code, message: text, data } = error
  return E.right({ ...VERSION, ...id, error: { code, message: text, data } })
}

const isSayable = (value: unknown): boolean =>
  value !== undefined && typeof value !== 'function' && typeof value !== 'symbol'

/** What a value with a `toJSON` stands for. */
const settled = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return value
  const { toJSON } = value
  return typeof toJSON === 'function' ? (toJSON.call(value, '') as unknown) : value
}
