import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { jsonRpcLines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { JsonRpcClient, JsonRpcClientOptions, JsonRpcMethod } from '../../src/index.ts'
import { connect, JsonRpcError, jsonRpcClient } from '../../src/index.ts'
import { HOST } from './loopback.ts'
import { afterwards } from './nothingLeft.ts'

/** Methods for clients of other libraries; `note` keeps what it was told in `notes`. */
export const interopMethods = (notes: unknown[]): Readonly<Record<string, JsonRpcMethod>> => ({
  add: (params) => (params as number[]).reduce((a, b) => a + b, 0),
  note: (params) => {
    notes.push(params)
  },
  fails: () => Promise.reject(new JsonRpcError({ code: 404, message: 'no such user', data: { id: 7 } })),
  progress: (_params, { notify }) => {
    notify('progress', ['half'])
    return 'done'
  },
  wait: (_params, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('aborted'))
      })
    }),
})

/** The port a server of Node's listens on. */
export const listens = async (server: Server): Promise<number> => {
  server.listen(0, HOST)
  await once(server, 'listening')
  afterwards(() => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Our client, closed when the test is over. */
export const callingAt = (
  port: number,
  protocol = jsonRpcLines(),
  options: JsonRpcClientOptions = {},
): JsonRpcClient => {
  const rpc = jsonRpcClient(connect({ host: HOST, port }), protocol, options)
  afterwards(() => {
    void rpc.close()
  })
  return rpc
}

export const right = <A>(outcome: E.Either<Error, A>): A => {
  if (E.isLeft(outcome)) throw outcome.left
  return outcome.right
}
