import { firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/index.ts'
import { connect, showEndpoint } from '../src/index.ts'
import {
  clientPair,
  closing,
  connected,
  everything,
  HOST,
  listening,
  plainServer,
  portOf,
  socketPath,
} from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

describe('connect', () => {
  it('gives a connection that knows both of its ends, and completes when it is closed [R10]', async () => {
    const { port, accepted } = await plainServer()
    let completed = false
    const seen: string[] = []
    const onConnection = (connection: Connection): void => {
      seen.push(connection.remote === undefined ? '' : showEndpoint(connection.remote))
      seen.push(connection.local?.family ?? '')
      connection.data$.subscribe()
      connection.end()
    }
    const connecting = connect({ host: HOST, port }).subscribe({
      next: onConnection,
      complete: () => (completed = true),
    })
    const peer = await accepted
    peer.end()
    peer.resume()
    await until('the end', () => completed)
    expect(seen).toEqual([`${HOST}:${String(port)}`, 'IPv4'])
    connecting.unsubscribe()
  })

  it('does nothing before it is subscribed, and connects once a subscription [R26]', async () => {
    const listener = await listening()
    const connecting$ = connect({ host: HOST, port: portOf(listener) })
    await turns()
    expect(listener.live).toBe(0)
    const both = [connecting$.subscribe(), connecting$.subscribe()]
    await until('both', () => listener.live === 2)
    for (const one of both) one.unsubscribe()
  })

  it('reaches a Unix socket [R10]', async () => {
    const path = socketPath()
    const listener = await listening({ path })
    listener.connections$.subscribe((connection) => {
      connection.write(Buffer.from('hello'))
      connection.close()
    })
    const connection = await connected({ path, host: undefined as never })
    expect(connection.remote).toEqual({ family: 'unix', address: path })
    const [bytes] = await Promise.all([firstValueFrom(connection.data$)])
    expect(Buffer.from(bytes).toString()).toBe('hello')
  })

  it('resets the peer when it is unsubscribed [R14]', async () => {
    const { port, accepted } = await plainServer()
    let connections = 0
    const connecting = connect({ host: HOST, port }).subscribe(() => connections++)
    const peer = await accepted
    await until('connected', () => connections === 1)
    connecting.unsubscribe()
    await expect(everything(peer)).rejects.toThrow('closed before its end')
  })
})

describe('a stalled event loop', () => {
  it('is no time-out: what has come meanwhile is looked at first [R22]', async () => {
    const listener = await listening()
    const connecting = connected({ port: portOf(listener), connectMs: 20 })
    await turns(1)
    const from = performance.now()
    while (performance.now() - from < 40);
    expect((await connecting).remote?.port).toBe(portOf(listener))
  })
})

describe('a signal', () => {
  it('that is aborted later aborts the connection, with its reason [R10]', async () => {
    const controller = new AbortController()
    const { connection } = await clientPair({ signal: controller.signal })
    controller.abort('no more')
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason: 'no more' })
  })
})

describe('unsubscribing while connecting', () => {
  it('leaves nothing behind, at any moment [R14]', async () => {
    const port = portOf(await listening())
    for (let moment = 0; moment < 6; moment++) {
      for (const host of [HOST, 'localhost']) {
        const connecting = connect({ host, port }).subscribe({ error: () => undefined })
        await turns(moment)
        connecting.unsubscribe()
      }
    }
  })
})
