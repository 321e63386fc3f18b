import type { JsonRpcNotification, JsonRpcReceived, JsonRpcSent } from '@sluice/protocol'
import { WrongOption } from '@sluice/protocol'
import { Observable } from 'rxjs'
import type { Connection } from '../connection.ts'
import type { Handler } from '../handler.ts'
import type { ServerSettings } from '../internal/jsonRpc/serving.ts'
import { Serving } from '../internal/jsonRpc/serving.ts'
import { wholeOption } from '../internal/options.ts'
import { mapAsync } from '../operators/mapAsync.ts'
import { mapAsyncUnordered } from '../operators/mapAsyncUnordered.ts'
import type { JsonRpcCall, JsonRpcMethod } from './jsonRpcMethod.ts'

/** Options of {@link jsonRpcServer}. */
export interface JsonRpcServerOptions {
  /** How many calls of one connection run at once, those of batches included. While so many do, it is not read. Default 16. */
  readonly parallelism?: number
  /** Whether answers leave in the order of the requests. Default false: each as soon as it is there. */
  readonly ordered?: boolean
  /**
   * The notification by which a peer cancels a request, with its `id` as the only param: `'$/cancelRequest'` of language
   * servers. Its call's signal is aborted; unless the method answers all the same, the answer is the error -32800. Default:
   * there is none.
   */
  readonly cancelMethod?: string
  /** What every connection is told unasked, as long as the peer may ask. Its failure ends that connection. Default: nothing. */
  readonly notifications?: (connection: Connection) => Observable<JsonRpcNotification>
  /** Told what a method threw, or failed with, that is no `JsonRpcError`: the peer hears only that it failed. It must not throw. Default: nobody is. */
  readonly onError?: (error: unknown, call: JsonRpcCall) => void
}

/**
 * A server of JSON-RPC 2.0: a handler from a record of methods, for `jsonRpcLines()`, `jsonRpcHeaders()`, or any other
 * protocol of such messages.
 *
 * ```
 *  in   Request add ── Notification log ── Batch [add, log] ── Broken ── Request nope ──|
 *  out  Result      ──                  ── Batch [Result]   ── -32700 ── -32601       ──|
 * ```
 *
 * - The answer to a batch is one batch; to notifications alone there is none.
 * - What is no message is answered with -32700 or -32600, an unknown method with -32601, params its schema refuses
 *   with -32602 (`jsonRpcMethod`), a method that fails with -32603, a `JsonRpcError` as it is.
 * - A result that JSON has no word for fails its call (-32603); one over the limit of the protocol ends the connection.
 * - The peer's FIN completes the input: what runs is still answered, then our side ends.
 * - When the connection is over, the signals of all calls that run are aborted.
 * - Answers to requests are ignored: this side makes none.
 *
 * Throws `WrongOption` for a `parallelism` that is no whole number from 1 on, and a method that is no function.
 *
 * ```ts
 * import { jsonRpcMethod, jsonRpcServer, listen, serve } from '@sluice/net'
 * import { jsonRpcLines } from '@sluice/protocol'
 * import { connect } from 'node:net'
 * import { take } from 'rxjs'
 * import * as z from 'zod'
 *
 * const server = jsonRpcServer({
 *   add: jsonRpcMethod(z.tuple([z.number(), z.number()]), ([a, b]) => a + b),
 *   time: () => Promise.resolve('noon'),
 * })
 * listen({ port: 7000, host: '127.0.0.1' }).pipe(serve(jsonRpcLines(), server), take(1)).subscribe()
 *
 * const client = connect(7000, '127.0.0.1')
 * client.end('{"jsonrpc":"2.0","id":1,"method":"time"}\n')
 * client.on('data', (bytes) => console.log(bytes.toString().trim())) // {"jsonrpc":"2.0","id":1,"result":"noon"}
 * ```
 *
 * Source: JSON-RPC 2.0 Specification, sections 4 to 6.
 */
export const jsonRpcServer = (
  methods: Readonly<Record<string, JsonRpcMethod>>,
  options: JsonRpcServerOptions = {},
): Handler<JsonRpcReceived, JsonRpcSent> => {
  const { ordered = false, cancelMethod, notifications, onError = () => undefined } = options
  const parallelism = wholeOption('jsonRpcServer()', 'parallelism', options.parallelism, 16)
  for (const [name, method] of Object.entries<unknown>(methods)) {
    if (typeof method !== 'function') throw new WrongOption('jsonRpcServer()', name, method, 'a function')
  }
  const settings: ServerSettings = { methods, parallelism, cancelMethod, onError }
  const inFlight = ordered ? mapAsync : mapAsyncUnordered
  return (in$, connection) =>
    new Observable((subscriber) => {
      const serving = new Serving(settings, connection, (notification) => {
        subscriber.next(notification)
      })
      subscriber.add(() => {
        serving.stop()
      })
      const said$ = notifications?.(connection)
      const error = (cause: unknown): void => {
        subscriber.error(cause)
      }
      const next = (message: JsonRpcSent): void => {
        subscriber.next(message)
      }
      if (said$ !== undefined) subscriber.add(said$.subscribe({ next, error }))
      in$.pipe(inFlight(parallelism, serving.answer)).subscribe(subscriber)
    })
}
