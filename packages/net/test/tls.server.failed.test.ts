import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { TlsServerOptions } from '../src/index.ts'
import { selfSigned } from './support/certificates.ts'
import { dial, everything } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { ca, good, tlsDialling, tlsPeer, tlsServer } from './support/tls.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

/** The first eleven bytes of a client's greeting. */
const GREETING = Buffer.from('1603010200010001fc0303', 'hex')

describe('F54: who does not shake hands with a TLS server is TlsFailed once, and gone', () => {
  const cases: Readonly<Record<string, [why: string, client: (port: number) => Socket]>> = {
    'plain text': ['protocol', (port) => dial(port).end('GET / HTTP/1.0\r\n\r\n')],
    noise: ['protocol', (port) => dial(port).end(Buffer.alloc(100, 0xff))],
    'a FIN at once': ['closed', (port) => dial(port).end()],
    'a FIN in the middle': ['closed', (port) => dial(port).end(GREETING)],
    'a reset in the middle': ['closed', (port) => reset(dial(port))],
    'no protocol in common': ['protocol', (port) => tlsDialling(port, { ALPNProtocols: ['x'] })],
    'no version in common': ['protocol', (port) => tlsDialling(port, { maxVersion: 'TLSv1.2' })],
    'a client that does not trust us': ['closed', (port) => tlsDialling(port, { ca: [], maxVersion: 'TLSv1.3' })],
    'a client without a certificate': ['certificate', (port) => tlsDialling(port)],
    'a client with one nobody stands for': ['certificate', (port) => tlsDialling(port, selfSigned())],
  }
  const options: TlsServerOptions = { ...good, ca: ca.cert, requestCert: true, alpn: ['a'], minVersion: 'TLSv1.3' }
  for (const [what, [why, client]] of Object.entries(cases)) {
    it(`${what}: ${why}`, async () => {
      const { port, failures, empty } = await tlsServer(options)
      const socket = client(port)
      await until('the failure', () => failures.length !== 0)
      await empty()
      await turns()
      expect(failures).toMatchObject([{ _tag: 'TlsFailed', why }])
      expect(failures).toHaveLength(1)
      await until('its end', () => socket.readableEnded || socket.destroyed || (socket.resume(), false))
    })
  }

  it('silence, and dripping, too: after handshakeMs [R21][R22]', async () => {
    const clock = new VirtualClock()
    const { port, failures, empty } = await tlsServer(good, { handshakeMs: 5_000, scheduler: clock })
    const [silent, dripping] = [dial(port), dial(port)]
    await Promise.all([once(silent, 'connect'), once(dripping, 'connect')])
    for (const byte of GREETING.subarray(0, 4)) {
      dripping.write(Buffer.of(byte))
      await turns(2)
      clock.advance(1_000)
    }
    expect(failures).toHaveLength(0)
    clock.advance(1_001)
    await empty()
    expect(failures).toMatchObject([{ why: 'timeout' }, { why: 'timeout' }])
    for (const peer of [silent, dripping]) await expect(everything(peer)).resolves.toBe('')
  })

  it('breaking off leaves nothing, and tells nothing [R14]', async () => {
    const { port, failures, empty, breakOff } = await tlsServer()
    const peers = [dial(port), dial(port)]
    await Promise.all(peers.map(async (peer) => once(peer, 'connect')))
    peers[1]?.write(GREETING)
    await turns()
    breakOff()
    await empty()
    expect(failures).toHaveLength(0)
  })

  it('harms nobody else [R12]', async () => {
    const { port, failures, next } = await tlsServer()
    const bad = dial(port).end('hello?')
    const peer = await tlsPeer(port)
    await until('the failure', () => failures.length === 1)
    ;(await next()).end()
    expect(await everything(peer)).toBe('')
    bad.destroy()
  })
})

describe('a function of our own that throws', () => {
  const thrown = (): never => {
    throw new Error('oh')
  }
  const cases: Readonly<Record<string, TlsServerOptions>> = {
    sni: { sni: thrown },
    'sni, later': { sni: () => Promise.reject(new Error('oh')) },
    'sni with options that are none': { sni: () => ({ cert: 'x', key: 'x' }) },
    alpn: { alpn: thrown },
    onKeylog: { onKeylog: thrown },
    'alpn that chooses what nobody offered': { alpn: () => 'b' },
    pskCallback: { pskCallback: thrown, ciphers: 'PSK', maxVersion: 'TLSv1.2' },
    'pskCallback with no key': { pskCallback: () => 'x' as never, ciphers: 'PSK', maxVersion: 'TLSv1.2' },
  }
  for (const [what, options] of Object.entries(cases)) {
    it(`is TlsFailed callback, and ends nothing else: ${what} [R27]`, async () => {
      const { port, failures, empty } = await tlsServer({ ...good, ...options })
      const client = tlsDialling(port, {
        servername: 'localhost',
        ALPNProtocols: ['a'],
        ...(options.ciphers === undefined
          ? {}
          : { ciphers: 'PSK', pskCallback: () => ({ identity: 'me', psk: Buffer.alloc(16) }) }),
      })
      await until('the failure', () => failures.length === 1)
      expect(failures).toMatchObject([{ _tag: 'TlsFailed', why: 'callback' }])
      await empty()
      client.destroy()
    })
  }
})

const reset = (peer: Socket): Socket => peer.once('connect', () => peer.write(GREETING, () => peer.resetAndDestroy()))
