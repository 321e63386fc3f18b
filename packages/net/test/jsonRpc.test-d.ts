import type { Invalid, JsonRpcParams, JsonRpcReceived, JsonRpcSent, Protocol } from '@sluice/protocol'
import { jsonRpcHeaders, jsonRpcLines, lines } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { expectTypeOf } from 'vitest'
import * as z from 'zod'
import type { Handler, JsonRpcCall, JsonRpcError, RequestError } from '../src/index.ts'
import { connect, jsonRpcClient, jsonRpcMethod, jsonRpcServer, serve } from '../src/index.ts'

expectTypeOf(jsonRpcLines()).toEqualTypeOf<Protocol<JsonRpcReceived, JsonRpcSent>>()
expectTypeOf(jsonRpcHeaders()).toEqualTypeOf<Protocol<JsonRpcReceived, JsonRpcSent>>()

// a server is a handler of such protocols, and its methods have the params of their schemas
const server = jsonRpcServer({
  raw: (params, call) => {
    expectTypeOf(params).toEqualTypeOf<JsonRpcParams | undefined>()
    expectTypeOf(call).toEqualTypeOf<JsonRpcCall>()
  },
  ioTs: jsonRpcMethod(t.type({ a: t.number }), (params) => {
    expectTypeOf(params).toEqualTypeOf<{ a: number }>()
  }),
  zod: jsonRpcMethod(z.tuple([z.string().transform(Number)]), async (params) => {
    expectTypeOf(params).toEqualTypeOf<[number]>()
    return Promise.resolve(1)
  }),
})
expectTypeOf(server).toEqualTypeOf<Handler<JsonRpcReceived, JsonRpcSent>>()
serve(jsonRpcLines(), server)
// @ts-expect-error lines are no messages
serve(lines(), server)
// @ts-expect-error a method is a function
jsonRpcServer({ add: 1 })
// @ts-expect-error params of the schema have no b
jsonRpcMethod(t.type({ a: t.number }), ({ b }) => b) // prettier-ignore

// what is called is unknown, unless its result is checked
const rpc = jsonRpcClient(connect({ port: 1 }), jsonRpcHeaders(), { window: 4, cancelMethod: '$/cancelRequest' })
expectTypeOf(rpc.call('a', [1])).toEqualTypeOf<TaskEither<JsonRpcError | RequestError, unknown>>()
expectTypeOf(rpc.call('a', { b: 1 }, { timeoutMs: 1 })).toEqualTypeOf<
  TaskEither<JsonRpcError | RequestError, unknown>
>()
expectTypeOf(rpc.call('a', undefined, { result: t.string })).toEqualTypeOf<TaskEither<JsonRpcError | RequestError | Invalid, string>>() // prettier-ignore
expectTypeOf(rpc.batch([{ method: 'a' }])).toEqualTypeOf<TaskEither<RequestError, readonly Either<JsonRpcError, unknown>[]>>() // prettier-ignore
// @ts-expect-error params are an array or an object
rpc.call('a', 1)
// @ts-expect-error a client of lines has no calls
jsonRpcClient(connect({ port: 1 }), lines())
