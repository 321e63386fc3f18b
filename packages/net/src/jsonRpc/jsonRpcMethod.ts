import type { JsonRpcId, JsonRpcParams, Schema, SchemaOutput } from '@sluice/protocol'
import { issueLine, JSON_RPC_CODES, typedAsync } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { Connection } from '../connection.ts'
import { JsonRpcError } from './jsonRpcError.ts'

/** What a method is told of the call, beside its params. */
export interface JsonRpcCall {
  readonly method: string
  /** `undefined` for a notification: whatever comes of it, nobody is told. */
  readonly id: JsonRpcId | undefined
  readonly connection: Connection
  /** Aborted when nobody waits for the answer any more: the peer has gone, or has cancelled the request. */
  readonly signal: AbortSignal
  /** Tells the peer something it has not asked for. */
  readonly notify: (method: string, params?: JsonRpcParams) => void
}

/**
 * A method: its result, or a promise of it, becomes the answer, `undefined` as `null`. What it throws or fails with
 * does so too: a `JsonRpcError` as it is, anything else as an internal error, which says nothing more.
 */
export type JsonRpcMethod = (params: JsonRpcParams | undefined, call: JsonRpcCall) => unknown

/**
 * A method with params of a type: a type of io-ts, or any schema of the Standard Schema kind, as `typed` takes them;
 * one that takes time as well.
 *
 * ```
 *  {"method":"add","params":{"a":1,"b":2}}     ▶   run({ a: 1, b: 2 })
 *  {"method":"add","params":{"a":"1"}}         ▶   {"code":-32602,"message":"Invalid params","data":["a: …"]}
 * ```
 *
 * Without params the schema is given `undefined`. Params that it refuses are answered with the code -32602, its issues as
 * `data`, and `run` is not called.
 *
 * Throws `WrongOption` for what is no schema.
 *
 * ```ts
 * import { jsonRpcMethod } from '@sluice/net'
 * import * as z from 'zod'
 *
 * const add = jsonRpcMethod(z.object({ a: z.number(), b: z.number() }), ({ a, b }) => a + b)
 * console.log(typeof add) // function
 * ```
 */
export const jsonRpcMethod = <S extends Schema>(
  params: S,
  run: (params: SchemaOutput<S>, call: JsonRpcCall) => unknown,
): JsonRpcMethod => {
  const check = typedAsync(params)
  return async (given, call) => {
    const checked = await check(given)
    if (E.isRight(checked)) return run(checked.right, call)
    const data = checked.left.issues.map(issueLine)
    throw new JsonRpcError({ code: JSON_RPC_CODES.invalidParams, message: 'Invalid params', data })
  }
}
