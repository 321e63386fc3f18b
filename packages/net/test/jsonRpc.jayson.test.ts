import * as E from 'fp-ts/lib/Either.js'
import jayson from 'jayson'
import { describe, expect, it } from 'vitest'
import { HOST, portOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { serving } from './support/rpc.ts'
import { callingAt, interopMethods, listens, right } from './support/rpcInterop.ts'
import { until } from './support/turns.ts'

nothingLeft()

describe('jayson, over lines', () => {
  it('as a client calls our server, with errors, notifications and batches', async () => {
    const notes: unknown[] = []
    const { listener } = await serving(interopMethods(notes))
    const client = jayson.Client.tcp({ host: HOST, port: portOf(listener) })
    const call = async (method: string, params: jayson.RequestParamsLike, id: string | null): Promise<unknown> =>
      new Promise((resolve, reject) => {
        client.request(
          method,
          params,
          id,
          (error?: jayson.JSONRPCErrorLike | null, answer?: jayson.JSONRPCResultLike) => {
            if (error) reject(new Error(error.message))
            else resolve(answer)
          },
        )
      })
    const batch = async (all: jayson.JSONRPCRequestLike[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        client.request(all, (error?: jayson.JSONRPCErrorLike | null, answers?: jayson.JSONRPCResultLike) => {
          if (error) reject(new Error(error.message))
          else resolve(answers)
        })
      })
    const request = (id: string | null, method: string, params: readonly unknown[]) =>
      jayson.Utils.request(method, [...params], id)
    expect(await call('add', [1, 2], '1')).toEqual({ jsonrpc: '2.0', id: '1', result: 3 })
    expect(await call('fails', [], '2')).toMatchObject({ id: '2', error: { code: 404, data: { id: 7 } } })
    expect(await call('nope', [], '3')).toMatchObject({ id: '3', error: { code: -32601 } })
    expect(await call('note', ['hello'], null)).toBe(undefined)
    await until('the note', () => notes.length === 1)
    expect(await batch([request('a', 'add', [1]), request('b', 'nope', []), request(null, 'note', ['again'])])).toEqual(
      [
        { jsonrpc: '2.0', id: 'a', result: 1 },
        { jsonrpc: '2.0', id: 'b', error: { code: -32601, message: 'Method not found' } },
      ],
    )
    expect(notes).toEqual([['hello'], ['again']])
  })

  it('as a server answers our client, a batch included', async () => {
    const notes: unknown[] = []
    type Done = (error: jayson.JSONRPCErrorLike | null, result?: unknown) => void
    const server = new jayson.Server({
      add: (params: number[], done: Done) => {
        done(null, params.reduce((a, b) => a + b, 0))
      },
      fails: (_params: unknown, done: Done) => {
        done({ code: 404, message: 'no such user', data: { id: 7 } })
      },
      note: (params: unknown, done: Done) => {
        notes.push(params)
        done(null, null)
      },
    }) // prettier-ignore
    const rpc = callingAt(await listens(server.tcp()))
    const sums = await Promise.all([1, 2, 3].map((n) => rpc.call('add', [n, n])()))
    expect(sums.map(right)).toEqual([2, 4, 6])
    expect(await rpc.call('fails', [])()).toMatchObject({
      left: { code: 404, message: 'no such user', data: { id: 7 } },
    })
    expect(await rpc.call('nope', [])()).toMatchObject({ left: { code: -32601 } })
    expect(right(await rpc.notify('note', ['hello'])())).toBe(undefined)
    const calls = [{ method: 'add', params: [1, 2] }, { method: 'nope', params: [] }, { method: 'note', params: ['again'], notify: true }] // prettier-ignore
    const outcome = right(await rpc.batch(calls)())
    expect(outcome).toMatchObject([E.right(3), { left: { code: -32601 } }, E.right(undefined)])
    expect(notes).toEqual([['hello'], ['again']])
    await rpc.close()
  })
})
