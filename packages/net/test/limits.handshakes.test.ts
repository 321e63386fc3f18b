import { connect as connectTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import type { ListenerEvent, ListenOptions } from '../src/index.ts'
import { come, shoutingAt, told } from './support/guests.ts'
import { dial, everything, HOST, listening, peerOf, portOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { reportOf } from './support/report.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const PROXIED: ListenOptions = { proxyProtocol: { trusted: [HOST] } }
const psk = Buffer.alloc(16, 7)
const TLS: ListenOptions = { tls: { pskCallback: () => psk, ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } }

const headerFor = (address: string): string => `PROXY TCP4 ${address} 10.0.0.1 40000 7000\r\n`

describe('maxHandshakes', () => {
  it('refuses who comes while so many are under way, and lets in the next one after [R24]', async () => {
    const listener = await listening({ ...PROXIED, maxHandshakes: 1 })
    const events = told(listener)
    shoutingAt(listener)
    const [slow] = await come(listener, 1)
    expect([listener.live, listener.pending, listener.counts.accepted]).toEqual([1, 0, 0])
    expect(await everything(dial(listener))).toBe('')
    slow?.end(`${headerFor('192.0.2.1')}hello\n`)
    expect(slow && (await everything(slow))).toBe('HELLO\n')
    await come(listener, 1)
    expect(events).toEqual(['Refused handshakes', 'Accepted'])
  })

  it('lets who comes wait with atLimit wait [R24]', async () => {
    const listener = await listening({ ...PROXIED, maxHandshakes: 1, atLimit: 'wait' })
    shoutingAt(listener)
    const [slow, next] = await come(listener, 2)
    next?.end(`${headerFor('192.0.2.2')}next\n`)
    await turns(20)
    expect([listener.live, listener.pending]).toEqual([1, 1])
    slow?.write(headerFor('192.0.2.1'))
    expect(next && (await everything(next))).toBe('NEXT\n')
  })

  it('counts whoever is in one among the open connections [R24]', async () => {
    const listener = await listening({ ...PROXIED, maxConnections: 1 })
    const events = told(listener)
    await come(listener, 1)
    expect(await everything(dial(listener))).toBe('')
    expect(events).toEqual(['Refused connections'])
  })
})

describe('a handshake', () => {
  it('that fails is told with its error, and makes room [R24]', async () => {
    const listener = await listening({ ...PROXIED, maxConnections: 1 })
    const failures: ListenerEvent[] = []
    listener.events$.subscribe((event) => event._tag === 'HandshakeFailed' && failures.push(event))
    const peer = await peerOf(listener)
    const port = peer.localPort
    peer.write('no header at all\r\n')
    await until('failed', () => failures.length === 1)
    expect(failures).toMatchObject([{ error: { _tag: 'ProxyHeaderFailed', reason: 'malformed' }, remote: { port } }])
    expect(listener.counts).toMatchObject({ arrived: 1, accepted: 0, handshakesFailed: 1 })
    expect(listener.live).toBe(0)
  })

  it('that is not done within handshakeMs is put out [R21]', async () => {
    const clock = new VirtualClock()
    const listener = await listening({ ...TLS, handshakeMs: 1_000, scheduler: clock })
    const failures: ListenerEvent[] = []
    listener.events$.subscribe((event) => event._tag === 'HandshakeFailed' && failures.push(event))
    const [silent] = await come(listener, 1)
    const gone = silent && everything(silent).catch(() => 'reset')
    clock.advance(999)
    await turns(20)
    expect(failures).toEqual([])
    clock.advance(2)
    await until('put out', () => failures.length === 1)
    expect(failures).toMatchObject([{ error: { _tag: 'TlsFailed', why: 'timeout' } }])
    expect(['', 'reset']).toContain(await gone)
  })

  it('of TLS that is done makes a connection, which knows of it', async () => {
    const listener = await listening(TLS)
    const connections: unknown[] = []
    listener.events$.subscribe((event) => event._tag === 'Accepted' && connections.push(event.connection.tls?.protocol))
    shoutingAt(listener)
    const client = connectTls({
      port: portOf(listener),
      host: HOST,
      ciphers: 'PSK-AES128-GCM-SHA256',
      maxVersion: 'TLSv1.2',
      pskCallback: () => ({ psk, identity: 'me' }),
      checkServerIdentity: () => undefined,
    })
    afterwards(() => {
      client.destroy()
    })
    client.end('hello\n')
    expect(await everything(client)).toBe('HELLO\n')
    expect(connections).toEqual(['TLSv1.2'])
    expect(listener.tls).toBeDefined()
  })

  it('of TLS that was not done yet leaves no room for words: a goodbye would be no TLS', async () => {
    const listener = await listening({ ...TLS, maxConnections: 1, goodbye: 'full\n' })
    const events = told(listener)
    await come(listener, 1)
    expect(await everything(dial(listener))).toBe('')
    expect(events).toEqual(['Refused connections'])
  })

  it('under way when a drain begins is broken off, and in the report [R25]', async () => {
    for (const options of [PROXIED, TLS]) {
      const listener = await listening(options)
      const [peer] = await come(listener, 1)
      const gone = peer && everything(peer).catch(() => 'reset')
      expect(await reportOf(listener.drain())).toMatchObject({ live: 1, finished: 0, aborted: 0, refused: 1 })
      expect(['', 'reset']).toContain(await gone)
      expect(listener.counts.refused.draining).toBe(1)
    }
  })
})

describe('behind a proxy', () => {
  const say = async (options: ListenOptions, address: string): Promise<string> => {
    const listener = await listening({ ...PROXIED, ...options })
    const events = told(listener)
    shoutingAt(listener)
    const peer = await peerOf(listener)
    peer.end(`${headerFor(address)}hello\n`)
    const heard = await everything(peer).catch(() => '')
    return heard === '' ? (events[0] ?? '') : heard
  }

  it('a connection has the address of the peer it speaks for', async () => {
    const listener = await listening(PROXIED)
    const remotes: unknown[] = []
    listener.connections$.subscribe(({ remote }) => remotes.push(remote))
    const [peer] = await come(listener, 1)
    peer?.write(headerFor('192.0.2.1'))
    await until('accepted', () => remotes.length === 1)
    expect(remotes).toEqual([{ family: 'IPv4', address: '192.0.2.1', port: 40_000 }])
  })

  it('allow and deny are about that address, and not about the proxy', async () => {
    expect(await say({ allow: ['192.0.2.0/24'] }, '192.0.2.1')).toBe('HELLO\n')
    expect(await say({ allow: ['192.0.2.0/24'] }, '198.51.100.1')).toBe('Refused blocked')
    expect(await say({ deny: ['192.0.2.1'] }, '192.0.2.1')).toBe('Refused blocked')
    expect(await say({ deny: [HOST] }, '192.0.2.1')).toBe('HELLO\n')
  })

  it('maxConnectionsPerPeer counts that address [R24]', async () => {
    const listener = await listening({ ...PROXIED, maxConnectionsPerPeer: 1 })
    const events = told(listener)
    shoutingAt(listener)
    const peers = await come(listener, 3)
    for (const [i, address] of ['192.0.2.1', '192.0.2.2', '192.0.2.1'].entries()) {
      peers[i]?.write(headerFor(address))
      await until('told', () => events.length === i + 1)
    }
    expect(events).toEqual(['Accepted', 'Accepted', 'Refused perPeer'])
    peers[0]?.end()
    await until('gone', () => listener.live === 1)
    const [again] = await come(listener, 1)
    again?.write(headerFor('192.0.2.1'))
    await until('told', () => events.length === 4)
    expect(events[3]).toBe('Accepted')
  })
})
