import { createServer } from 'node:net'
import { jsonRpcHeaders } from '@sluice/protocol'
import { firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { CancellationToken } from 'vscode-jsonrpc/node'
import {
  CancellationTokenSource,
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node'
import { peerOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { serving } from './support/rpc.ts'
import { callingAt, interopMethods, listens, right } from './support/rpcInterop.ts'
import { until } from './support/turns.ts'

nothingLeft()

describe('vscode-jsonrpc, over Content-Length headers', () => {
  const dialled = async (notes: unknown[]) => {
    const served = await serving(interopMethods(notes), { cancelMethod: '$/cancelRequest' }, jsonRpcHeaders())
    const socket = await peerOf(served.listener)
    const client = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket))
    client.listen()
    afterwards(() => {
      client.dispose()
    })
    return { served, client, socket }
  }

  it('as a client calls our server, hears its errors and notifications, and cancels', async () => {
    const notes: unknown[] = []
    const { served, client, socket } = await dialled(notes)
    expect(await Promise.all([1, 2, 3].map((n) => client.sendRequest('add', n, n)))).toEqual([2, 4, 6])
    expect(await client.sendRequest('add', ...'é'.split(''), 'ü')).toBe('0éü')
    await expect(client.sendRequest('nope')).rejects.toMatchObject({ code: -32601 })
    const failed: unknown = await client.sendRequest('fails').catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(ResponseError)
    expect(failed).toMatchObject({ code: 404, message: 'no such user', data: { id: 7 } })
    await client.sendNotification('note', 'hello')
    const heard = new Promise((resolve) => client.onNotification('progress', resolve))
    expect(await client.sendRequest('progress')).toBe('done')
    expect(await heard).toBe('half')
    expect(notes).toEqual([['hello']])
    const source = new CancellationTokenSource()
    const waiting = client.sendRequest('wait', source.token)
    source.cancel()
    await expect(waiting).rejects.toMatchObject({ code: -32800 })
    socket.end()
    await until('the end', () => served.closed.length === 1)
    expect(served.closed[0]?.cause).toEqual({ _tag: 'Finished' })
  })

  it('as a server answers our client, says things unasked, and is told of a cancel', async () => {
    const cancelled: boolean[] = []
    const server = createServer((socket) => {
      const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket))
      connection.onRequest('add', (a: number, b: number) => a + b)
      connection.onRequest('fails', () => new ResponseError(404, 'no such user', { id: 7 }))
      connection.onRequest('greet', async ({ name }: { name: string }) => {
        await connection.sendNotification('greeted', { name })
        return `hello ${name}`
      })
      connection.onRequest('wait', (token: CancellationToken) => new Promise((resolve) => {
        token.onCancellationRequested(() => {
          cancelled.push(true)
          resolve(null)
        })
      })) // prettier-ignore
      connection.listen()
      socket.on('close', () => {
        connection.dispose()
      })
    })
    const rpc = callingAt(await listens(server), jsonRpcHeaders(), { cancelMethod: '$/cancelRequest' })
    const greeted = firstValueFrom(rpc.notifications$)
    const sums = await Promise.all([1, 2, 3].map((n) => rpc.call('add', [n, n])()))
    expect(sums.map(right)).toEqual([2, 4, 6])
    expect(right(await rpc.call('greet', { name: 'ännchen' })())).toBe('hello ännchen')
    expect(await greeted).toEqual({ _tag: 'Notification', method: 'greeted', params: { name: 'ännchen' } })
    expect(await rpc.call('fails')()).toMatchObject({ left: { code: 404, message: 'no such user', data: { id: 7 } } })
    expect(await rpc.call('nope')()).toMatchObject({ left: { code: -32601 } })
    const controller = new AbortController()
    const waiting = rpc.call('wait', undefined, { signal: controller.signal })()
    expect(right(await rpc.call('add', [1, 2])())).toBe(3)
    controller.abort()
    expect(await waiting).toMatchObject({ left: { _tag: 'RequestCancelled' } })
    await until('the cancel', () => cancelled.length === 1)
    await rpc.close()
  })
})
