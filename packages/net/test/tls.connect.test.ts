import type { PeerCertificate } from 'node:tls'
import { createSecureContext } from 'node:tls'
import { filter, firstValueFrom, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { authority } from './support/certificates.ts'
import { connected, everything, HOST, peerOf, socketPath } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { ca, good, plainTlsServer, tlsClientPair, tlsPair, tlsServer } from './support/tls.ts'
import { until } from './support/turns.ts'

nothingLeft()

describe('connect with tls', () => {
  it('gives a connection whose peer has proved who it is, and tells what was settled', async () => {
    const { connection } = await tlsClientPair()
    expect(connection.tls).toMatchObject({ protocol: 'TLSv1.3', alpn: undefined, authorized: true, resumed: false })
    expect(connection.tls?.cipher).toMatch(/^TLS_/)
    expect(connection.tls?.peerCertificate?.subject.CN).toBe('localhost')
    expect(connection.remote).toMatchObject({ family: 'IPv4', address: HOST })
  })

  it('tells Lookup, where there was a name, then Connected, then Secured [R10]', async () => {
    const { port } = await plainTlsServer()
    const connection = await connected({ host: 'localhost', port, tls: { ca: ca.cert } })
    const events = await firstValueFrom(connection.events$.pipe(take(3), toArray()))
    expect(events.map(({ _tag }) => _tag)).toEqual(['Lookup', 'Connected', 'Secured'])
    expect(events[0]).toMatchObject({ host: 'localhost' })
    expect(events[2]).toMatchObject({ tls: { serverName: 'localhost' } })
  })

  it('asks for the name of the host, or for another one, and for none where it is an address', async () => {
    const names: unknown[] = []
    const { port, next } = await tlsServer(good)
    const hosts = [
      { host: 'localhost' },
      { host: HOST, tls: { ca: ca.cert, servername: 'localhost' } },
      { host: HOST },
      { host: 'localhost.', lookup: resolvesToLoopback },
    ]
    for (const options of hosts) {
      await connected({ port, tls: { ca: ca.cert }, ...options })
      names.push((await next()).tls?.serverName)
    }
    expect(names).toEqual(['localhost', 'localhost', undefined, 'localhost'])
  })

  it('agrees on a protocol, the best of the server first', async () => {
    const { client, server } = await tlsPair({ alpn: ['b', 'a'] }, { ...good, alpn: ['a', 'b'] })
    expect([client.tls?.alpn, server.tls?.alpn]).toEqual(['a', 'a'])
  })

  it('goes over a Unix socket, where a name is given', async () => {
    const path = socketPath()
    const { accepted } = await plainTlsServer({ ...good }, path)
    const connection = await connected({
      path,
      tls: { ca: ca.cert, servername: 'localhost' },
      host: undefined as never,
    })
    const peer = await accepted
    peer.end('hello')
    expect(Buffer.from(await firstValueFrom(connection.data$)).toString()).toBe('hello')
    expect(connection.remote).toEqual({ family: 'unix', address: path })
  })

  it('takes a context made beforehand', async () => {
    const secureContext = createSecureContext({ ca: ca.cert, maxVersion: 'TLSv1.2' })
    const { client } = await tlsPair({ secureContext, ca: undefined as never })
    expect(client.tls?.protocol).toBe('TLSv1.2')
  })

  it('takes no certificate where keys were agreed on, and nobody has said whose', async () => {
    const { port } = await tlsServer(good)
    const tls = { ca: ca.cert, pskCallback: () => null }
    const failed = connected({ host: undefined as never, handle: await peerOf(port), tls })
    await expect(failed).rejects.toMatchObject({ _tag: 'TlsFailed', why: 'certificate' })
  })

  it('takes anybody where it is told to, and says that nobody was proved', async () => {
    const { client } = await tlsPair({ ca: authority().cert, rejectUnauthorized: false })
    expect(client.tls?.authorized).toBe(false)
  })

  it('asks who looks at the certificate himself', async () => {
    const seen: unknown[] = []
    const checkServerIdentity = (host: string, { subject }: PeerCertificate): undefined => {
      seen.push([host, subject.CN])
      return undefined
    }
    await tlsPair({ checkServerIdentity })
    expect(seen).toEqual([[HOST, 'localhost']])
  })
})

describe('a session', () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`is told, and resumed: also one that is asked for each time (${version})`, async () => {
      const { port, next } = await tlsServer({ ...good, maxVersion: version })
      let session: Buffer | undefined
      const tls = { ca: ca.cert, session: () => session, onSession: (told: Buffer) => (session = told) }
      const first = await connected({ port, tls })
      const server = await next()
      server.write(Buffer.from('x'))
      await firstValueFrom(first.data$)
      await until('the session', () => session !== undefined)
      const second = await connected({ port, tls })
      expect([first.tls?.resumed, second.tls?.resumed]).toEqual([false, true])
      expect((await next()).tls?.resumed).toBe(true)
    })
  }
})

describe('what node:tls can besides', () => {
  it('tells the secrets to who records the traffic, on both sides', async () => {
    const [client, server]: string[][] = [[], []]
    await tlsPair(
      { onKeylog: (line) => client?.push(line.toString()) },
      { ...good, onKeylog: (line) => server?.push(line.toString()) },
    )
    expect(client?.[0]).toMatch(/^SERVER_HANDSHAKE_TRAFFIC_SECRET|^CLIENT_HANDSHAKE_TRAFFIC_SECRET/)
    expect(server?.length).toBeGreaterThan(0)
  })

  it('knows keys instead of certificates', async () => {
    const psk = Buffer.alloc(32, 7)
    const ciphers = 'PSK'
    const hints: unknown[] = []
    const { client } = await tlsPair(
      { pskCallback: (hint) => (hints.push(hint), { identity: 'me', psk }), ciphers, maxVersion: 'TLSv1.2' },
      {
        pskCallback: (identity) => (identity === 'me' ? psk : null),
        pskIdentityHint: 'who?',
        ciphers,
        maxVersion: 'TLSv1.2',
      },
    )
    expect(client.tls).toMatchObject({ authorized: true, peerCertificate: undefined })
    expect(hints).toEqual(['who?'])
  })

  it('staples the state of its certificate, for clients that ask', async () => {
    const told: unknown[] = []
    const ocsp = (): Promise<Buffer> => Promise.resolve(Buffer.from('fine'))
    const onOcspResponse = (response: Buffer | null): void => void told.push(response?.toString())
    await tlsPair({ onOcspResponse }, { ...good, ocsp })
    await tlsPair({ onOcspResponse }, good)
    expect(told).toEqual(['fine', undefined])
  })
})

describe('bytes', () => {
  it('are counted as they are, without what TLS adds [R10]', async () => {
    const { connection, peer } = await tlsClientPair()
    connection.write(Buffer.from('hello'))
    connection.end()
    peer.end('goodbye')
    expect(await everything(peer)).toBe('hello')
    await firstValueFrom(connection.data$)
    await firstValueFrom(connection.events$.pipe(filter(({ _tag }) => _tag === 'Closed')))
    expect(connection.figures).toMatchObject({ bytesRead: 7, bytesWritten: 5, bytesUnsent: 0, bytesUnread: 0 })
  })
})

const resolvesToLoopback = (
  _host: string,
  _options: unknown,
  answer: (error: null, address: string, family: number) => void,
): void => {
  answer(null, HOST, 4)
}
