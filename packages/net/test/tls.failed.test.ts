import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ConnectOptions, TlsConnectOptions } from '../src/index.ts'
import { connect, TlsFailed } from '../src/index.ts'
import { authority, daysFromNow, selfSigned } from './support/certificates.ts'
import { closing, connected, HOST, plainServer } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { ca, good, portOf, tlsServer } from './support/tls.ts'
import { until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const failure = async (options: ConnectOptions): Promise<unknown> =>
  firstValueFrom(connect({ host: HOST, ...options })).then(
    () => 'connected',
    (error: unknown) => error,
  )

/** A plain server that does one thing with everybody. */
const answering = async (answer: (socket: Socket) => void): Promise<number> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume()
    afterwards(() => {
      socket.destroy()
    })
    answer(socket)
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  afterwards(() => {
    server.close()
  })
  return portOf(server)
}

describe('F54: a certificate that proves nothing is TlsFailed certificate', () => {
  const cases: Readonly<Record<string, [identity: typeof good, code: string, tls?: TlsConnectOptions]>> = {
    'of an authority nobody trusts': [authority('others').issue(), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    'signed by itself': [selfSigned(), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    expired: [ca.issue({ from: daysFromNow(-2), to: daysFromNow(-1) }), 'CERT_HAS_EXPIRED'],
    'good only from tomorrow on': [ca.issue({ from: daysFromNow(1), to: daysFromNow(2) }), 'CERT_NOT_YET_VALID'],
    'of another name': [ca.issue({ names: ['other.test'] }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    'of another name than asked for': [good, 'ERR_TLS_CERT_ALTNAME_INVALID', { servername: 'other.test' }],
    'that who looks at it refuses': [
      good,
      'REVOKED',
      { checkServerIdentity: () => Object.assign(new Error('no'), { code: 'REVOKED' }) },
    ],
  }
  for (const [what, [identity, code, tls]] of Object.entries(cases)) {
    it(`${what}, and it can be looked at`, async () => {
      const { port, empty } = await tlsServer(identity)
      const error = await failure({ port, tls: { ca: ca.cert, ...tls } })
      expect(error).toBeInstanceOf(TlsFailed)
      expect(error).toMatchObject({ why: 'certificate', code, certificate: { subject: { CN: 'localhost' } } })
      await empty()
    })
  }

  it('also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    afterwards(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'])
    const { port } = await tlsServer(selfSigned())
    expect(await failure({ port, tls: true })).toMatchObject({ why: 'certificate' })
  })
})

describe('F54: a peer that does not shake hands', () => {
  it('protocol: it speaks plain text', async () => {
    const port = await answering((socket) => socket.end('220 hello\r\n'))
    expect(await failure({ port, tls: true })).toMatchObject({ _tag: 'TlsFailed', why: 'protocol' })
  })

  it('protocol: no version, cipher or protocol is common to both', async () => {
    const { port } = await tlsServer({ ...good, minVersion: 'TLSv1.3', alpn: ['a'] })
    const own: TlsConnectOptions[] = [{ maxVersion: 'TLSv1.2' }, { alpn: ['b'] }]
    for (const tls of own)
      expect(await failure({ port, tls: { ca: ca.cert, ...tls } })).toMatchObject({ why: 'protocol' })
  })

  it('closed: it ends, or resets, in the middle', async () => {
    for (const close of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
      const port = await answering((socket) => socket.once('data', () => close(socket)))
      expect(await failure({ port, tls: true })).toMatchObject({ why: 'closed', code: 'ECONNRESET' })
    }
  })

  it('timeout: it says nothing, or drips, for handshakeMs [R21][R22]', async () => {
    const { port, accepted } = await plainServer()
    const clock = new VirtualClock()
    let failed: unknown = null
    connect({ host: HOST, port, tls: true, handshakeMs: 5_000, scheduler: clock }).subscribe({
      error: (error: unknown) => (failed = error),
    })
    const peer = await accepted
    await once(peer.resume(), 'data')
    peer.write(Buffer.from('16030300', 'hex'))
    clock.advance(4_999)
    expect(failed).toBeNull()
    clock.advance(2)
    expect(failed).toMatchObject({ why: 'timeout', code: 'TIMEOUT' })
    await until('the end', () => peer.readableEnded || peer.destroyed)
  })

  it('is given up with the subscription, or the signal, and nothing is left [R14]', async () => {
    const { port, accepted } = await plainServer()
    const controller = new AbortController()
    const failed = failure({ port, tls: true, signal: controller.signal })
    const peer = await accepted
    await once(peer.resume(), 'data')
    controller.abort('enough')
    expect(await failed).toMatchObject({ _tag: 'ConnectFailed', code: 'ABORTED', cause: 'enough' })
    await until('the end', () => peer.readableEnded || peer.destroyed)
  })
})

describe('a function of our own that throws', () => {
  const thrown = (): never => {
    throw new Error('oh')
  }
  const cases: Readonly<Record<string, TlsConnectOptions>> = {
    checkServerIdentity: { checkServerIdentity: thrown },
    session: { session: thrown },
    'a session that is none': { session: 5 as never },
    onKeylog: { onKeylog: thrown },
    pskCallback: { pskCallback: thrown, ciphers: 'PSK', maxVersion: 'TLSv1.2' },
  }
  for (const [what, tls] of Object.entries(cases)) {
    it(`is TlsFailed callback, and ends nothing else: ${what} [R27]`, async () => {
      const { port } = await tlsServer({ ...good, pskCallback: () => null, ciphers: 'DEFAULT:PSK' })
      const error = await failure({ port, tls: { ca: ca.cert, ...tls } })
      expect(error).toMatchObject({ _tag: 'TlsFailed', why: 'callback' })
    })
  }

  it('ends the connection, where that stands already: onSession [R10][R27]', async () => {
    const { port, next } = await tlsServer()
    const connection = await connected({ port, tls: { ca: ca.cert, onSession: thrown } })
    const server = await next()
    server.write(Buffer.from('x'))
    connection.data$.subscribe({ error: () => undefined })
    expect((await closing(connection)).cause).toMatchObject({ _tag: 'TlsFailed', error: { why: 'callback' } })
  })
})

describe('a refusal that comes when the connection stands already', () => {
  it('is the cause TlsFailed certificate, not Reset: the server wants one of ours [R10]', async () => {
    const { port, failures } = await tlsServer({ ...good, ca: ca.cert, requestCert: true })
    const connection = await connected({ port, tls: { ca: ca.cert } })
    connection.data$.subscribe({ error: () => undefined })
    expect((await closing(connection)).cause).toMatchObject({ _tag: 'TlsFailed', error: { why: 'certificate' } })
    await until('the failure', () => failures.length === 1)
    expect(failures).toMatchObject([{ why: 'certificate', code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' }])
  })
})

describe('WrongOption', () => {
  const wrong: Readonly<Record<string, unknown>> = {
    'TLS that is neither true nor options': 'yes',
    'a certificate without a key': { cert: good.cert },
    'a key of another certificate': { cert: good.cert, key: ca.issue().key },
    'a certificate that is none': { ca: 'x', cert: 'x', key: 'x' },
    'no such version': { minVersion: 'TLSv2' },
    'no such cipher': { ciphers: 'ROT13' },
    'no protocol': { alpn: [] },
    'a protocol without a name': { alpn: [''] },
    'a protocol whose name is too long': { alpn: ['x'.repeat(256)] },
    'an address as a name': { servername: '127.0.0.1' },
  }
  for (const [what, tls] of Object.entries(wrong)) {
    it(`is thrown at construction for ${what}, and shows no key [R16][R27]`, () => {
      const make = (): unknown => connect({ port: 1, tls: tls as TlsConnectOptions })
      expect(make).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
      expect(make).not.toThrow(/PRIVATE KEY/)
    })
  }

  it('is thrown where there is no name to prove', () => {
    expect(() => connect({ path: '/x', tls: true })).toThrow(expect.objectContaining({ option: 'servername' }))
    expect(() => connect({ path: '/x', tls: { rejectUnauthorized: false } })).not.toThrow()
  })
})
