import { once } from 'node:events'
import { filter, firstValueFrom, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/index.ts'
import type { SniffOptions } from '../src/internal/server/stages/sniffStage.ts'
import { sniffStage } from '../src/internal/server/stages/sniffStage.ts'
import { liveAcceptor } from '../src/internal/tls/liveTlsAcceptor.ts'
import { tlsStage } from '../src/internal/server/stages/tlsStage.ts'
import { dial, everything } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import type { Staged } from './support/tls.ts'
import { good, staged, tlsPeer } from './support/tls.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const sniffing = async (options: Partial<SniffOptions> = {}): Promise<Staged> => {
  const clock = options.scheduler ?? new VirtualClock()
  const secure = tlsStage(liveAcceptor('test', good), 10_000, clock)
  return staged(sniffStage(secure, { handshakeMs: 10_000, ...options, scheduler: clock }))
}

const textOf = async (connection: Connection): Promise<string> => {
  const chunks = await firstValueFrom(connection.data$.pipe(toArray()))
  return Buffer.concat(chunks).toString()
}

describe('TLS and plain text on one port', () => {
  it('is told by the first byte, and no byte is lost [R1][R4]', async () => {
    const { port, next } = await sniffing()
    const plain = dial(port)
    plain.end('hello')
    const first = await next()
    expect([await textOf(first), first.tls]).toEqual(['hello', undefined])
    const secure = await tlsPeer(port)
    secure.end('hello')
    const second = await next()
    expect([await textOf(second), second.tls?.protocol]).toEqual(['hello', 'TLSv1.3'])
    for (const connection of [first, second]) connection.end()
    expect(await Promise.all([everything(plain), everything(secure)])).toEqual(['', ''])
  })

  it('is told also where a greeting comes byte by byte', async () => {
    const { port, failures } = await sniffing()
    const peer = dial(port)
    for (const byte of [0x16, 0x09, 0x09, 0x00, 0x05, 0xff]) {
      peer.write(Buffer.of(byte))
      await turns(2)
    }
    // it was taken for TLS, and is none
    await until('the failure', () => failures.length === 1)
    expect(failures).toMatchObject([{ why: 'protocol' }])
  })

  it('takes a FIN without a byte for plain text', async () => {
    const { port, next } = await sniffing()
    const peer = dial(port).end()
    const connection = await next()
    expect(await textOf(connection)).toBe('')
    connection.end()
    expect(await everything(peer)).toBe('')
  })

  it('gives the peer its backpressure: nothing flows before somebody reads [R1]', async () => {
    const { port, next } = await sniffing()
    const peer = dial(port)
    await once(peer, 'connect')
    peer.write(Buffer.alloc(8_000_000, 'x'))
    const connection = await next()
    await turns(50)
    expect(connection.figures.bytesRead).toBe(0)
    expect(peer.writableLength).toBeGreaterThan(0)
    let bytes = 0
    connection.data$.subscribe({ next: (chunk) => (bytes += chunk.length), error: () => undefined })
    await until('all of it', () => bytes === 8_000_000)
  })
})

describe('a peer that says nothing', () => {
  it('is put out after handshakeMs [R21]', async () => {
    const clock = new VirtualClock()
    const { port, failures, empty } = await sniffing({ scheduler: clock, handshakeMs: 5_000 })
    await once(dial(port), 'connect')
    await turns()
    clock.advance(5_001)
    await empty()
    expect(failures).toMatchObject([{ _tag: 'TlsFailed', why: 'timeout' }])
  })

  it('is served in plain text after plainAfterMs, so that the server can speak first', async () => {
    const clock = new VirtualClock()
    const { port, next } = await sniffing({ scheduler: clock, plainAfterMs: 200 })
    const peer = dial(port)
    await once(peer, 'connect')
    await turns()
    clock.advance(201)
    const connection = await next()
    connection.write(Buffer.from('220 hello\r\n'))
    connection.end()
    peer.end('QUIT')
    expect(await everything(peer)).toBe('220 hello\r\n')
    expect(await textOf(connection)).toBe('QUIT')
    await firstValueFrom(connection.events$.pipe(filter(({ _tag }) => _tag === 'Closed'), take(1))) // prettier-ignore
  })

  it('and resets is TlsFailed closed', async () => {
    const { port, failures } = await sniffing()
    const peer = dial(port)
    await once(peer, 'connect')
    peer.resetAndDestroy()
    await until('the failure', () => failures.length === 1)
    expect(failures).toMatchObject([{ why: 'closed' }])
  })

  it('can be given up at any moment, and nothing is left [R14]', async () => {
    for (let moment = 0; moment < 6; moment++) {
      const { port, failures, empty, breakOff } = await sniffing()
      const peer = dial(port)
      peer.write(Buffer.of(moment % 2 === 0 ? 0x16 : 0x41))
      await once(peer, 'connect')
      await turns(moment)
      breakOff()
      if (moment === 0) await empty()
      expect(failures).toHaveLength(0)
    }
  })
})
