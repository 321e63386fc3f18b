import { createSecureContext } from 'node:tls'
import { firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { TlsConnectOptions, TlsServerOptions } from '../src/index.ts'
import { tlsAcceptor } from '../src/index.ts'
import { connected } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { ca, good, tlsPair, tlsServer, tlsServerPair } from './support/tls.ts'
import { until } from './support/turns.ts'

nothingLeft()

/** The name in the certificate a client is shown. */
const shown = async (port: number, tls: TlsConnectOptions = {}): Promise<unknown> => {
  const { tls: facts } = await connected({ port, tls: { ca: ca.cert, checkServerIdentity: () => undefined, ...tls } })
  return facts?.peerCertificate?.subject.CN
}

const named = (name: string): TlsServerOptions => ca.issue({ name, names: [name] })

describe('a TLS server', () => {
  it('gives a connection that knows what was settled, and tells Secured', async () => {
    const { connection } = await tlsServerPair()
    expect(connection.tls).toMatchObject({ protocol: 'TLSv1.3', authorized: false, peerCertificate: undefined })
    expect(await firstValueFrom(connection.events$)).toMatchObject({ _tag: 'Connected' })
  })

  it('hands over all that came behind the handshake [R1][R4]', async () => {
    const { connection, peer } = await tlsServerPair()
    peer.end('hello')
    const chunks: Uint8Array[] = []
    await connection.data$.forEach((chunk) => void chunks.push(chunk))
    expect(Buffer.concat(chunks).toString()).toBe('hello')
  })

  it('knows clients by their certificate, and refuses those it cannot know', async () => {
    const client = ca.issue({ name: 'me' })
    const { server } = await tlsPair(client, { ...good, ca: ca.cert, requestCert: true })
    expect(server.tls).toMatchObject({ authorized: true, peerCertificate: { subject: { CN: 'me' } } })
  })

  it('lets in clients it does not know, where it is told to', async () => {
    const { server } = await tlsPair({}, { ...good, ca: ca.cert, requestCert: true, rejectUnauthorized: false })
    expect(server.tls).toMatchObject({ authorized: false, peerCertificate: undefined })
  })

  it('chooses the protocol itself', async () => {
    const offers: unknown[] = []
    const alpn = ({ servername, protocols }: { servername: string; protocols: readonly string[] }) => {
      offers.push([servername, protocols])
      return protocols[1]
    }
    const { client } = await tlsPair({ alpn: ['a', 'b'], servername: 'localhost' }, { ...good, alpn })
    expect(client.tls?.alpn).toBe('b')
    expect(offers).toEqual([['localhost', ['a', 'b']]])
  })
})

describe('names', () => {
  it('have certificates of their own; * is any one label, case does not count', async () => {
    const sni = { 'a.test': named('a'), '*.b.test': named('b') }
    const { port } = await tlsServer({ ...named('other'), sni })
    const asked = ['a.test', 'A.Test', 'x.b.test', 'x.y.b.test', 'b.test', 'c.test']
    const seen = []
    for (const servername of asked) seen.push(await shown(port, { servername }))
    expect(seen).toEqual(['a', 'a', 'b', 'other', 'other', 'other'])
    expect(await shown(port)).toBe('other')
  })

  it('are asked for at each handshake: options, a context, a promise of one, or nothing', async () => {
    const answers: Readonly<Record<string, () => unknown>> = {
      'a.test': () => named('a'),
      'b.test': () => createSecureContext(named('b')),
      'c.test': () => Promise.resolve(named('c')),
      'd.test': () => Promise.resolve(undefined),
    }
    const sni = (servername: string) => answers[servername]?.() as TlsServerOptions
    const { port } = await tlsServer({ ...named('other'), sni })
    const seen = []
    for (const servername of Object.keys(answers)) seen.push(await shown(port, { servername }))
    expect(seen).toEqual(['a', 'b', 'c', 'other'])
  })
})

describe('setSecureContext', () => {
  it('is for the next handshakes; who is connected stays so', async () => {
    const acceptor = tlsAcceptor({ ...named('old'), alpn: ['a'] })
    const { port, next } = await tlsServer(acceptor)
    const before = await connected({ port, tls: { ca: ca.cert, checkServerIdentity: () => undefined } })
    const server = await next()
    acceptor.setSecureContext(named('new'))
    expect(await shown(port, { alpn: ['a'] })).toBe('new')
    server.write(Buffer.from('still here'))
    expect(Buffer.from(await firstValueFrom(before.data$)).toString()).toBe('still here')
  })

  it('can be for one name, and leaves the others', async () => {
    const acceptor = tlsAcceptor({ ...named('other'), sni: { 'a.test': named('a'), 'b.test': named('b') } })
    const { port } = await tlsServer(acceptor)
    acceptor.setSecureContext(named('new'), 'A.test')
    expect(await shown(port, { servername: 'a.test' })).toBe('new')
    expect(await shown(port, { servername: 'b.test' })).toBe('b')
  })

  it('leaves all as it was where OpenSSL does not take it [R27]', async () => {
    const acceptor = tlsAcceptor(named('old'))
    const { port } = await tlsServer(acceptor)
    const wrong = [() => { acceptor.setSecureContext({ cert: 'x', key: 'x' }) }, () => { acceptor.setSecureContext(named('x'), 'x.test') }] // prettier-ignore
    for (const one of wrong) expect(one).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
    expect(await shown(port)).toBe('old')
  })
})

describe('sessions', () => {
  it('are shared by servers with the same ticket keys', async () => {
    const ticketKeys = Buffer.alloc(48, 3)
    const servers = [await tlsServer({ ...good, ticketKeys }), await tlsServer({ ...good, ticketKeys })] as const
    let session: Buffer | undefined
    const tls = { ca: ca.cert, session: () => session, onSession: (told: Buffer) => (session = told) }
    const resumed: unknown[] = []
    for (const { port, next } of servers) {
      const client = await connected({ port, tls })
      ;(await next()).write(Buffer.from('x'))
      await firstValueFrom(client.data$)
      await until('the session', () => session !== undefined)
      resumed.push(client.tls?.resumed)
    }
    expect(resumed).toEqual([false, true])
  })

  for (const failing of [false, true]) {
    const how = failing ? 'costs only the resumption where it fails' : 'is asked for sessions without tickets'
    it(`a store ${how}`, async () => {
      const kept = new Map<string, Buffer>()
      const sessions = {
        put: async (id: Buffer, session: Buffer) => {
          await Promise.resolve()
          kept.set(id.toString('hex'), session)
          if (failing) throw new Error('the disk is full')
        },
        get: (id: Buffer) => {
          if (failing) throw new Error('the disk is gone')
          return kept.get(id.toString('hex'))
        },
      }
      // SSL_OP_NO_TICKET
      const { port } = await tlsServer({ ...good, sessions, maxVersion: 'TLSv1.2', secureOptions: 0x4000 })
      let session: Buffer | undefined
      const tls = { ca: ca.cert, session: () => session, onSession: (told: Buffer) => (session = told) }
      const first = await connected({ port, tls })
      await until('the session', () => session !== undefined)
      const second = await connected({ port, tls })
      expect([first.tls?.resumed, second.tls?.resumed, kept.size > 0]).toEqual([false, !failing, true])
    })
  }
})

describe('WrongOption', () => {
  const wrong: Readonly<Record<string, TlsServerOptions>> = {
    'nothing to prove who it is': {},
    'a certificate without a key': { cert: good.cert },
    'a key of another certificate': { cert: good.cert, key: ca.issue().key },
    'a name whose certificate is none': { ...good, sni: { 'a.test': { cert: 'x', key: 'x' } } },
    'a protocol without a name': { ...good, alpn: [''] },
    'ticket keys of the wrong size': { ...good, ticketKeys: Buffer.alloc(3) },
  }
  for (const [what, options] of Object.entries(wrong)) {
    it(`is thrown at construction for ${what} [R16][R27]`, () => {
      expect(() => tlsAcceptor(options)).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
    })
  }
})
