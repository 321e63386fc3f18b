import type { DecodeError } from '../errors.ts'

/** The codes of JSON-RPC 2.0, section 5.1. From -32099 to -32000 a server may have its own; others are the application's. */
export const JSON_RPC_CODES = {
  /** What came is no JSON. */
  parseError: -32700,
  /** It is JSON, and no message of JSON-RPC. */
  invalidRequest: -32600,
  /** There is no such method. */
  methodNotFound: -32601,
  /** The method does not take such params. */
  invalidParams: -32602,
  /** The server failed. */
  internalError: -32603,
} as const

/** What names a request. Its answer has the same; `null` that of a request nobody could read. */
export type JsonRpcId = string | number | null

/** By position, or by name. */
export type JsonRpcParams = ReadonlyArray<unknown> | Readonly<Record<string, unknown>>

/** Wants an answer. */
export interface JsonRpcRequest {
  readonly _tag: 'Request'
  readonly id: JsonRpcId
  readonly method: string
  readonly params?: JsonRpcParams | undefined
}

/** A request without an id: wants none, and gets none, whatever happens. */
export interface JsonRpcNotification {
  readonly _tag: 'Notification'
  readonly method: string
  readonly params?: JsonRpcParams | undefined
}

/** The answer to a request that went well. */
export interface JsonRpcResult {
  readonly _tag: 'Result'
  readonly id: JsonRpcId
  /** `null` where there is nothing to say: JSON has no `undefined`. */
  readonly result: unknown
}

/** The answer to one that did not. */
export interface JsonRpcFailure {
  readonly _tag: 'Failure'
  readonly id: JsonRpcId
  readonly error: JsonRpcErrorObject
}

/** What went wrong. */
export interface JsonRpcErrorObject {
  /** A whole number: one of `JSON_RPC_CODES`, or one of the application. */
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

/** One message of JSON-RPC, of either side. */
export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResult | JsonRpcFailure

/** What is read where a message should be, and is none: a value, because JSON-RPC answers it. */
export interface JsonRpcBroken {
  readonly _tag: 'Broken'
  /** `parseError` or `invalidRequest`. */
  readonly code: -32700 | -32600
  /** The id it has, where that could be read; else `null`. */
  readonly id: JsonRpcId
  /** `Invalid`, or `Malformed` of what is no text. */
  readonly error: DecodeError
}

/** Several messages at once, one at least. Their answers come at once too, in any order. */
export interface JsonRpcBatch<M = JsonRpcMessage> {
  readonly _tag: 'Batch'
  readonly messages: ReadonlyArray<M>
}

/** What is sent. */
export type JsonRpcSent = JsonRpcMessage | JsonRpcBatch

/** What is read. */
export type JsonRpcReceived = JsonRpcMessage | JsonRpcBroken | JsonRpcBatch<JsonRpcMessage | JsonRpcBroken>
