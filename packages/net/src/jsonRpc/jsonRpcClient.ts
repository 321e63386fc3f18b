import type { JsonRpcReceived, JsonRpcSent, Protocol } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import type { Connection } from '../connection.ts'
import { LiveJsonRpcClient } from '../internal/jsonRpc/liveJsonRpcClient.ts'
import type { JsonRpcClient, JsonRpcClientOptions } from './jsonRpcCalls.ts'

/**
 * A client of JSON-RPC 2.0 over `jsonRpcLines()`, `jsonRpcHeaders()`, or any other protocol of such messages. It
 * connects when it is first needed, and holds its calls to a window, as `client` does.
 *
 * ```
 *  call('add', [1, 2])  ─▶ {"id":1,"method":"add","params":[1,2]}   ─▶ {"id":1,"result":3}             ─▶ Right 3
 *  call('nope')         ─▶ {"id":2,"method":"nope"}                 ─▶ {"id":2,"error":{"code":-32601 …  ─▶ Left JsonRpcError
 *  notify('log', ['x']) ─▶ {"method":"log","params":["x"]}          ─▶ Right
 *                                                   {"method":"tick"} ─▶ notifications$
 * ```
 *
 * The options are those of `client`. While nobody subscribes to `pushes$` or `notifications$`, `maxPushes` messages are
 * kept, and then reading stops: whoever does not care for them says `maxPushes: 0`.
 *
 * An error without an id (of a request the server could not read) can be no call's: it goes to `pushes$`.
 * Throws `WrongOption` as `client` does.
 *
 * ```ts
 * import { connect, jsonRpcClient, jsonRpcServer, listen, serve } from '@sluice/net'
 * import { jsonRpcLines } from '@sluice/protocol'
 * import * as t from 'io-ts'
 *
 * const methods = { double: (params: unknown) => (Array.isArray(params) ? 2 * Number(params[0]) : null) }
 * const server = listen({ port: 7000 }).pipe(serve(jsonRpcLines(), jsonRpcServer(methods))).subscribe()
 *
 * const rpc = jsonRpcClient(connect({ port: 7000 }), jsonRpcLines())
 * console.log(await rpc.call('double', [21], { result: t.number })()) // { _tag: 'Right', right: 42 }
 * const nope = await rpc.call('nope')()
 * console.log(nope._tag === 'Left' ? nope.left.message : '') // Method not found
 * const both = await rpc.batch([{ method: 'double', params: [1] }, { method: 'double', params: [2] }])()
 * console.log(both._tag === 'Right' ? both.right : '') // [ { _tag: 'Right', right: 2 }, { _tag: 'Right', right: 4 } ]
 * await rpc.close()
 * server.unsubscribe()
 * ```
 *
 * Source: JSON-RPC 2.0 Specification, sections 4 to 6.
 */
export const jsonRpcClient = (
  connections$: Observable<Connection>,
  protocol: Protocol<JsonRpcReceived, JsonRpcSent>,
  options: JsonRpcClientOptions = {},
): JsonRpcClient => new LiveJsonRpcClient(connections$, protocol, options)
