import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as tlsConnect, TLSSocket } from 'node:tls'
import type { TlsConnectOptions } from '../../../src/index.ts'
import { TlsFailed } from '../../../src/index.ts'
import { selfSigned } from '../../support/certificates.ts'
import { turns } from '../../support/turns.ts'
import type { Bench } from '../bench.ts'
import { HOST } from '../bench.ts'
import { ca, identity } from '../peer.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

/** The first eleven bytes of a client's greeting. */
const GREETING = Buffer.from('1603010200010001fc0303', 'hex')

/** What a client can do instead of shaking hands. */
const CLIENTS: Readonly<Record<string, (raw: Socket) => unknown>> = {
  'plain text': (raw) => raw.end('GET / HTTP/1.0\r\n\r\n'),
  'a FIN at once': (raw) => raw.end(),
  'a FIN in the middle': (raw) => raw.end(GREETING),
  'a reset in the middle': (raw) => raw.write(GREETING, () => raw.resetAndDestroy()),
  'no cipher in common': (raw) => tlsConnect({ socket: raw, ciphers: 'PSK' }).on('error', () => undefined),
}

const presenting =
  (context: { readonly cert: string; readonly key: string }) =>
  (raw: Socket): unknown =>
    new TLSSocket(raw, { isServer: true, ...context }).on('error', () => undefined)

/** What a server can do instead. */
const SERVERS: Readonly<
  Record<string, readonly [why: string, server: (raw: Socket) => unknown, tls?: TlsConnectOptions]>
> = {
  'plain text': ['protocol', (raw) => raw.end('220 hello\r\n')],
  'a FIN at once': ['closed', (raw) => raw.end()],
  'a reset in the middle': ['closed', (raw) => raw.once('data', () => raw.resetAndDestroy()).resume()],
  'a certificate nobody stands for': ['certificate', presenting(selfSigned())],
  'a certificate for another name': ['certificate', presenting(identity), { servername: 'other.test' }],
}

const failureOf = async (bench: Bench, connecting: Promise<unknown>): Promise<TlsFailed> => {
  const error: unknown = await connecting.then(
    () => 'connected',
    (reason: unknown) => reason,
  )
  if (error instanceof TlsFailed) return error
  throw new Error(`no TlsFailed on the ${bench.side}, but ${String(error)}`)
}

export const handshakes: readonly Row[] = [
  {
    id: 'F54',
    title: 'who does not shake hands is told as HandshakeFailed, and is gone; others are let in [R12][R24]',
    sides: ['server'],
    carriers: ['tls'],
    causes: ['Finished'],
    run: async (bench) => {
      const { listener } = await bench.serving()
      const failures: Error[] = []
      listener.events$.subscribe((event) => {
        if (event._tag === 'HandshakeFailed') failures.push(event.error)
      })
      for (const [what, client] of Object.entries(CLIENTS)) {
        const raw = bench.dial(listener.address.port ?? 0)
        await once(raw, 'connect')
        client(raw)
        await until(`the failure: ${what}`, () => failures.length === 1)
        assert.ok(failures.pop() instanceof TlsFailed, what)
        await until('nobody there', () => listener.live === 0)
        raw.destroy()
      }
    },
  },
  {
    id: 'F54',
    title: 'who is silent in the handshake, or drips it, is put out when its time is over [R21][R22]',
    sides: ['server'],
    carriers: ['tls'],
    causes: ['Finished'],
    run: async (bench) => {
      const { listener } = await bench.serving({ handshakeMs: 5_000, scheduler: bench.clock })
      const [silent, dripping] = [bench.dial(listener.address.port ?? 0), bench.dial(listener.address.port ?? 0)]
      await Promise.all([once(silent, 'connect'), once(dripping, 'connect')])
      await until('both', () => listener.live === 2)
      for (const byte of GREETING.subarray(0, 4)) {
        dripping.write(Buffer.of(byte))
        await turns(2)
        bench.clock.advance(1_000)
      }
      assert.equal(listener.live, 2)
      bench.clock.advance(1_001)
      await until('nobody there', () => listener.live === 0)
      assert.equal(listener.counts.handshakesFailed, 2)
    },
  },
  {
    id: 'F54',
    title: 'a server that does not shake hands, or cannot prove who it is, is TlsFailed, and why is told [R10][R27]',
    sides: ['client'],
    carriers: ['tls'],
    causes: [],
    run: async (bench) => {
      for (const [what, [why, server, tls = {}]] of Object.entries(SERVERS)) {
        const { port, accepted } = await bench.plainServer()
        void accepted().then(server)
        const error = await failureOf(bench, bench.connecting({ port, tls: { ca: ca.cert, ...tls } }))
        assert.equal(error.why, why, what)
      }
    },
  },
  {
    id: 'F54',
    title: 'a server that is silent in the handshake is TlsFailed timeout [R21][R22]',
    sides: ['client'],
    carriers: ['tls'],
    causes: [],
    run: async (bench) => {
      const { port, accepted } = await bench.plainServer()
      const failed = failureOf(
        bench,
        bench.connecting({ port, host: HOST, handshakeMs: 5_000, scheduler: bench.clock }),
      )
      const raw = await accepted()
      await once(raw, 'data')
      bench.clock.advance(5_001)
      assert.equal((await failed).why, 'timeout')
    },
  },
]
