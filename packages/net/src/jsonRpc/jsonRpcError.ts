import type { JsonRpcErrorObject } from '@sluice/protocol'

/**
 * An error as JSON-RPC has it. A method throws one to say more than that it failed; a client fails with the one the
 * server has sent.
 *
 * ```
 *  throw new JsonRpcError({ code: 404, message: 'no such user' })   ▶   {"error":{"code":404,"message":"no such user"}, …}
 * ```
 *
 * Fault: whose method it is. The connection goes on.
 */
export class JsonRpcError extends Error implements JsonRpcErrorObject {
  readonly _tag = 'JsonRpcError'
  readonly code: number
  readonly data: unknown

  constructor({ code, message, data }: JsonRpcErrorObject) {
    super(message)
    this.name = 'JsonRpcError'
    this.code = code
    this.data = data
  }
}
