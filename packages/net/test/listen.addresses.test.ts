import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { lines } from '@sluice/protocol'
import { lastValueFrom, map, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ListenerEvent } from '../src/index.ts'
import { listen, serve, showEndpoint } from '../src/index.ts'
import { dial, everything, HOST, listening, peerOf, socketPath } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

const shout = serve<string, string>(lines(), map((line) => line.toUpperCase())) // prettier-ignore

/** A port somebody else listens on. */
const taken = async (): Promise<number> => {
  const other = createServer().listen(0, HOST)
  await once(other, 'listening')
  afterwards(() => {
    other.close()
  })
  return (other.address() as AddressInfo).port
}

describe('listen at several addresses', () => {
  it('has them in the order of the options, the first one as its address, and tells each', async () => {
    const path = socketPath()
    const listener = await listening({ addresses: [{ port: 0, host: HOST }, { path }, { port: 0, host: '::1' }] })
    const events: ListenerEvent[] = []
    listener.events$.subscribe((event) => events.push(event))
    expect(listener.addresses).toMatchObject([
      { family: 'IPv4', address: HOST },
      { family: 'unix', address: path },
      { family: 'IPv6', address: '::1' },
    ])
    expect(listener.address).toBe(listener.addresses[0])
    expect(events).toEqual(listener.addresses.map((address) => ({ _tag: 'Listening', address })))
  })

  it('serves whoever comes by any of them, and says by which', async () => {
    const path = socketPath()
    const listener = await listening({ addresses: [{ port: 0, host: HOST }, { path }] })
    const locals: string[] = []
    of(listener)
      .pipe(shout)
      .subscribe(({ connection }) => locals.push(connection.local === undefined ? '' : showEndpoint(connection.local)))
    for (const address of listener.addresses) {
      const peer = await peerOf({ ...listener, address })
      peer.end('hello\n')
      expect(await everything(peer)).toBe('HELLO\n')
    }
    expect(locals).toEqual(listener.addresses.map(showEndpoint))
  })

  it('binds all of them or none, and says which one failed', async () => {
    const path = socketPath()
    const port = await taken()
    const bound$ = listen({ addresses: [{ path }, { port, host: HOST }, { port: 0, host: HOST }] })
    await expect(lastValueFrom(bound$)).rejects.toMatchObject({
      _tag: 'ListenFailed',
      code: 'EADDRINUSE',
      target: `${HOST}:${String(port)}`,
    })
    expect(existsSync(path)).toBe(false)
  })

  it('sends away who came by the first while the second could not be bound [R14]', async () => {
    const path = socketPath()
    const port = await taken()
    // the name takes a while to look up: time enough to come by the first
    const failed = lastValueFrom(listen({ addresses: [{ path }, { port, host: 'localhost' }] }))
    while (!existsSync(path)) await new Promise(setImmediate)
    const early = everything(dial({ address: { family: 'unix', address: path } })).catch(() => 'broken off')
    await expect(failed).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(['', 'broken off']).toContain(await early)
  })

  it('drains all of them [R25]', async () => {
    const listener = await listening({
      addresses: [
        { port: 0, host: HOST },
        { port: 0, host: HOST },
      ],
    })
    await listener.drain()()
    for (const address of listener.addresses) {
      await expect(peerOf({ ...listener, address })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    }
  })

  it('unsubscribed between two of them leaves nothing behind [R14]', async () => {
    const path = socketPath()
    const listeningTwice = listen({ addresses: [{ path }, { port: 0, host: 'localhost' }] }).subscribe()
    while (!existsSync(path)) await new Promise(setImmediate)
    listeningTwice.unsubscribe()
    expect(existsSync(path)).toBe(false)
  })
})
