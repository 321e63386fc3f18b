import { lines } from '@sluice/protocol'
import { concat, filter, firstValueFrom, NEVER, of, take, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Listener, ListenerEvent, ListenOptions } from '../src/index.ts'
import { serve, speak, TlsFailed } from '../src/index.ts'
import { shout } from './support/converse.ts'
import { connected, dial, everything, HOST, listening, peerOf, portOf, socketPath } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { ca, good, tlsDialling } from './support/tls.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const shouting = async (options: ListenOptions = {}): Promise<Listener> => {
  const listener = await listening({ tls: good, ...options })
  of(listener).pipe(serve(lines(), shout)).subscribe()
  return listener
}

/** Says a line as a client, and answers what it heard. */
const ask = async (port: number, line: string, options: object = {}): Promise<string> => {
  const connection = await connected({ port, tls: { ca: ca.cert }, ...options })
  let heard = ''
  const asks = firstValueFrom(
    of(connection).pipe(
      speak(lines(), (in$) =>
        concat(
          of(line),
          in$.pipe(
            take(1),
            tap((answer) => (heard = answer)),
            filter(() => false),
          ),
        ),
      ),
    ),
  )
  expect((await asks).cause).toEqual({ _tag: 'Finished' })
  return heard
}

describe('listen and connect with tls', () => {
  it('hold a conversation, and the handshake is no event of its own', async () => {
    const listener = await shouting()
    const events: ListenerEvent['_tag'][] = []
    listener.events$.subscribe(({ _tag }) => events.push(_tag))
    expect(await ask(portOf(listener), 'hello')).toBe('HELLO')
    expect(events).toEqual(['Listening', 'Accepted'])
  })

  it('do so over a Unix socket', async () => {
    const path = socketPath()
    await shouting({ path })
    const tls = { ca: ca.cert, servername: 'localhost' }
    expect(await ask(0, 'hello', { port: undefined, host: undefined, path, tls })).toBe('HELLO')
  })

  it('do so behind a PROXY header: the peer is who the proxy says [R4]', async () => {
    const listener = await listening({ tls: good, proxyProtocol: { trusted: [HOST] } })
    const arrived = firstValueFrom(listener.connections$)
    const raw = await peerOf(listener)
    raw.write('PROXY TCP4 192.0.2.1 10.0.0.1 40000 7000\r\n')
    const peer = tlsDialling(0, { socket: raw, servername: 'localhost' })
    const connection = await arrived
    expect(connection.remote).toEqual({ family: 'IPv4', address: '192.0.2.1', port: 40_000 })
    expect(connection.tls?.serverName).toBe('localhost')
    connection.write(Buffer.from('hello'))
    connection.end()
    expect(await everything(peer)).toBe('hello')
  })

  it('serve plain text on the same port, where that is chosen', async () => {
    const listener = await shouting({ tls: { ...good, sniff: true } })
    expect(await everything(dial(listener).end('hello\n'))).toBe('HELLO\n')
    expect(await ask(portOf(listener), 'hello')).toBe('HELLO')
  })

  it('change certificates while they go on', async () => {
    const listener = await shouting({ tls: ca.issue({ names: ['old.test'] }) })
    const port = portOf(listener)
    const tls = { ca: ca.cert, servername: 'new.test' }
    await expect(connected({ port, tls })).rejects.toBeInstanceOf(TlsFailed)
    listener.tls?.setSecureContext(ca.issue({ names: ['new.test'] }))
    expect(await ask(port, 'hello', { tls })).toBe('HELLO')
  })
})

describe('who fails in the handshake', () => {
  it('is told as HandshakeFailed, and is no connection; the next one is served [R12][R24]', async () => {
    const listener = await shouting()
    const failed = firstValueFrom(listener.events$.pipe(filter(({ _tag }) => _tag === 'HandshakeFailed')))
    expect(await everything(dial(listener).end('hello\n'))).not.toContain('HELLO')
    expect(await failed).toMatchObject({ error: { _tag: 'TlsFailed', why: 'protocol' } })
    await until('nobody', () => listener.live === 0)
    expect(await ask(portOf(listener), 'hello')).toBe('HELLO')
  })

  it('is broken off by a drain, with all that is left [R14][R25]', async () => {
    const listener = await shouting()
    const peer = await peerOf(listener)
    peer.resume()
    await until('the handshake', () => listener.live === 1)
    await listener.drain()()
    await until('its end', () => peer.readableEnded || peer.destroyed)
    expect(listener.live).toBe(0)
  })
})

describe('many at once', () => {
  it('shake hands, talk and go, and nothing is left [R14]', async () => {
    const listener = await shouting()
    const port = portOf(listener)
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, i) => ask(port, `line ${String(i)}`)))
    expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => `LINE ${String(i)}`))
    await until('nobody', () => listener.live === 0)
  })

  it('are aborted in any state, and nothing is left [R14]', async () => {
    const listener = await listening({ tls: good })
    of(listener)
      .pipe(serve(lines(), (in$) => concat(in$, NEVER)))
      .subscribe()
    const clients = Array.from({ length: 30 }, () => tlsDialling(portOf(listener)))
    for (const [i, client] of clients.entries()) {
      await turns(1)
      client.write('hello\n')
      if (i % 3 === 0) client.destroy()
    }
    listener.abort()
    await until('all gone', () =>
      clients.every((client) => client.destroyed || (client.resume(), client.readableEnded)),
    )
  })
})
