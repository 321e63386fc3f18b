import { createSecureContext, TLSSocket } from 'node:tls'
import { filter, firstValueFrom, takeUntil } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, TlsUpgradeOptions } from '../src/index.ts'
import { NotWritable, upgradeTls } from '../src/index.ts'
import { authority } from './support/certificates.ts'
import { clientPair, closing, everything, next, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { ca, good, tlsDialling, tlsServerPair } from './support/tls.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const server: TlsUpgradeOptions = { role: 'server', ...good }
const client: TlsUpgradeOptions = { role: 'client', ca: ca.cert, servername: 'localhost' }

const failure = async (connection: Connection, options: TlsUpgradeOptions): Promise<unknown> =>
  firstValueFrom(upgradeTls(connection, options)).then(
    () => 'upgraded',
    (error: unknown) => error,
  )

describe('an upgrade that fails', () => {
  it('certificate: aborts the connection, and tells nobody what was written meanwhile', async () => {
    const { connection, peer } = await clientPair()
    const failed = failure(connection, { ...client, ca: authority('others').cert })
    connection.write(Buffer.from('secret'))
    const far = new TLSSocket(peer, { isServer: true, secureContext: createSecureContext(good) })
    far.on('error', () => undefined)
    const heard: string[] = []
    far.on('data', (chunk: Buffer) => heard.push(chunk.toString()))
    expect(await failed).toMatchObject({ _tag: 'TlsFailed', why: 'certificate' })
    const { cause, figures } = await closing(connection)
    expect(cause).toMatchObject({ _tag: 'TlsFailed', error: { why: 'certificate' } })
    expect(figures).toMatchObject({ bytesWritten: 0, bytesUnsent: 6 })
    await until('its end', () => far.destroyed || far.readableEnded)
    expect(heard).toEqual([])
  })

  it('timeout: the peer says nothing, flushing included [R21][R22]', async () => {
    for (const before of [0, 20_000_000]) {
      const clock = new VirtualClock()
      const { connection } = await pair({ scheduler: clock, maxUnsentBytes: 30_000_000, writeProgressMs: Infinity })
      if (before !== 0) connection.write(Buffer.alloc(before))
      const failed = failure(connection, { ...server, handshakeMs: 5_000 })
      await turns()
      clock.advance(5_001)
      expect(await failed).toMatchObject({ why: 'timeout' })
      expect((await closing(connection)).cause._tag).toBe('TlsFailed')
    }
  })

  it('closed: the peer ends, before or meanwhile', async () => {
    for (const early of [true, false]) {
      const { connection, peer } = await pair()
      if (early) {
        peer.end()
        await firstValueFrom(connection.data$, { defaultValue: null })
      }
      const failed = failure(connection, server)
      await turns()
      peer.end()
      expect(await failed).toMatchObject({ _tag: 'TlsFailed', why: 'closed' })
      expect((await closing(connection)).cause._tag).toBe('TlsFailed')
    }
  })

  it('is told why, where the connection is ended for another reason [R10]', async () => {
    const { connection } = await pair()
    const failed = failure(connection, server)
    connection.abort('enough')
    expect(await failed).toMatchObject({ _tag: 'ConnectionLost', reason: { _tag: 'Aborted', reason: 'enough' } })
  })

  it('goes no further where whoever hears of the pause ends it [R14]', async () => {
    const { connection } = await pair()
    connection.data$.subscribe({ error: () => undefined })
    await turns()
    const paused$ = connection.events$.pipe(filter(({ _tag }) => _tag === 'Paused'))
    upgradeTls(connection, { ...server, handshakeMs: Infinity })
      .pipe(takeUntil(paused$))
      .subscribe()
    expect((await closing(connection)).cause._tag).toBe('Aborted')
  })

  it('leaves nothing where it is unsubscribed, at any moment [R14]', async () => {
    for (let moment = 0; moment < 6; moment++) {
      const { connection, peer } = await pair()
      const own = tlsDialling(0, { socket: peer, servername: 'localhost' }).resume()
      const upgrading = upgradeTls(connection, { ...server, unread: 'handOver' }).subscribe({ error: () => undefined })
      await turns(moment)
      upgrading.unsubscribe()
      if (connection.tls === undefined) expect((await closing(connection)).cause._tag).toBe('Aborted')
      else connection.abort()
      await until('its end', () => own.destroyed || own.readableEnded)
    }
  })
})

describe('an upgrade that cannot begin', () => {
  it('after our end, or twice: the connection goes on as it was', async () => {
    const { connection, peer } = await pair()
    connection.end()
    expect(await failure(connection, server)).toBeInstanceOf(NotWritable)
    peer.end('hello')
    expect(Buffer.from(await firstValueFrom(connection.data$)).toString()).toBe('hello')
    const secure = await tlsServerPair()
    expect(await failure(secure.connection, server)).toMatchObject({ code: 'ALREADY_TLS' })
    secure.connection.write(Buffer.from('still here'))
    expect(await next(secure.peer, 10)).toBe('still here')
    expect(await everything(peer)).toBe('')
  })

  it('is WrongOption for what can never work [R27]', async () => {
    const { connection } = await pair()
    const wrong: unknown[] = [
      { role: 'server' },
      { role: 'client' },
      { role: 'both' },
      { ...server, unread: 'read' },
      { ...server, handshakeMs: 0 },
      { role: 'server', acceptor: { setSecureContext: () => undefined } },
    ]
    for (const options of wrong) {
      const make = (): unknown => upgradeTls(connection, options as TlsUpgradeOptions)
      expect(make).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
    }
  })
})
