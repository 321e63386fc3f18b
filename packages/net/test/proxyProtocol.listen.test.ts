import { lines } from '@sluice/protocol'
import { firstValueFrom, map, of, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ListenerEvent } from '../src/index.ts'
import { ProxyHeaderFailed, sendProxyHeader, serve, showEndpoint } from '../src/index.ts'
import { client, server, written } from './proxyProtocolCases.ts'
import { closing, connected, everything, listening, peerOf, portOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

const trusted = ['127.0.0.1']

describe('a listener behind a proxy', () => {
  it('hands out connections of those the proxy speaks for, who may talk at once', async () => {
    const listener = await listening({ proxyProtocol: { trusted } })
    of(listener)
      .pipe(
        serve(lines(), (in$, { remote }) =>
          in$.pipe(map((line) => `${line} ${remote === undefined ? '' : showEndpoint(remote)}`)),
        ),
      ) // prettier-ignore
      .subscribe()
    const peer = await peerOf(listener)
    peer.end(Buffer.concat([written({ source: client, destination: server }).bytes, Buffer.from('hello\n')]))
    expect(await everything(peer)).toBe('hello 192.0.2.1:56324\n')
  })

  it('reads what sendProxyHeader has sent', async () => {
    const listener = await listening({ proxyProtocol: { trusted } })
    const accepted = firstValueFrom(listener.connections$)
    const connection = await connected({ port: portOf(listener) })
    of(connection)
      .pipe(sendProxyHeader({ version: 1, source: client, destination: server }))
      .subscribe()
    connection.write(Buffer.from('hi'))
    const through = await accepted
    expect([through.remote, through.local]).toEqual([client, server])
    const [proxied, connectedTo] = await firstValueFrom(through.events$.pipe(take(2), toArray()))
    expect(proxied).toMatchObject({ _tag: 'Proxied', header: { source: client }, by: { address: '127.0.0.1' } })
    expect(connectedTo).toMatchObject({ _tag: 'Connected', remote: client })
    connection.end()
    expect(Buffer.concat(await firstValueFrom(through.data$.pipe(toArray()))).toString()).toBe('hi')
  })

  it('tells whoever has no header, and goes on for the others [R12]', async () => {
    const listener = await listening({ proxyProtocol: { trusted } })
    const failed: ListenerEvent[] = []
    listener.events$.subscribe((event) => event._tag === 'HandshakeFailed' && failed.push(event))
    const stranger = await peerOf(listener)
    const refused = everything(stranger).catch(() => '')
    stranger.write('GET / HTTP/1.1\r\n')
    await until('refused', () => failed.length !== 0)
    expect(failed).toMatchObject([{ error: { _tag: 'ProxyHeaderFailed', reason: 'malformed' } }])
    expect(failed[0]?._tag === 'HandshakeFailed' ? failed[0].error : null).toBeInstanceOf(ProxyHeaderFailed)
    expect(await refused).toBe('')
    const accepted = firstValueFrom(listener.connections$.pipe(take(1)))
    const peer = await peerOf(listener)
    peer.write(written({ source: client, destination: server }).bytes)
    const connection: Connection = await accepted
    expect(connection.remote).toEqual(client)
    connection.abort()
    expect((await closing(connection)).figures.bytesRead).toBe(0)
  })
})
