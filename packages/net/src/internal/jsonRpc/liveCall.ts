import type { JsonRpcNotification, JsonRpcParams, JsonRpcRequest } from '@sluice/protocol'
import type { Connection } from '../../connection.ts'
import type { JsonRpcCall } from '../../jsonRpc/jsonRpcMethod.ts'

type Say = (notification: JsonRpcNotification) => void

/** A call that is under way. Its signal is made when it is asked for: most methods need none. */
export class LiveCall implements JsonRpcCall {
  readonly message: JsonRpcRequest | JsonRpcNotification
  readonly connection: Connection
  readonly #say: Say
  #controller: AbortController | null = null
  #reason: unknown
  cancelled = false

  constructor(message: JsonRpcRequest | JsonRpcNotification, connection: Connection, say: Say) {
    this.message = message
    this.connection = connection
    this.#say = say
  }

  get method(): string {
    return this.message.method
  }

  get id(): JsonRpcCall['id'] {
    return this.message._tag === 'Request' ? this.message.id : undefined
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      if (this.cancelled) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  readonly notify = (method: string, params?: JsonRpcParams): void => {
    this.#say(params === undefined ? { _tag: 'Notification', method } : { _tag: 'Notification', method, params })
  }

  cancel(reason?: unknown): void {
    if (this.cancelled) return
    this.cancelled = true
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
