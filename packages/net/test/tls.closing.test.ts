import { once } from 'node:events'
import { firstValueFrom, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/index.ts'
import { connect } from '../src/index.ts'
import { converse, shout } from './support/converse.ts'
import { closing, everything, HOST, next } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { ca, resetUnder, tlsClientPair, tlsPair, tlsServer, tlsServerPair } from './support/tls.ts'
import { until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const textOf = async (connection: Connection): Promise<string> =>
  Buffer.concat(await firstValueFrom(connection.data$.pipe(toArray()))).toString()

describe('half-open over TLS', () => {
  it('each side ends on its own: the peer first, and it is answered [R2][R9]', async () => {
    for (const pair of [tlsClientPair, tlsServerPair]) {
      const { connection, peer } = await pair()
      const talk = converse(connection, shout)
      peer.end('hello\nworld\n')
      expect(await everything(peer)).toBe('HELLO\nWORLD\n')
      expect((await talk).cause).toEqual({ _tag: 'Finished' })
    }
  })

  it('our side first, and the answer still comes [R2]', async () => {
    for (const pair of [tlsClientPair, tlsServerPair]) {
      const { connection, peer } = await pair()
      connection.write(Buffer.from('question'))
      connection.end()
      expect(await everything(peer)).toBe('question')
      peer.end('answer')
      expect(await textOf(connection)).toBe('answer')
      expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
    }
  })

  it('both ends ours: each says all it has after the other has ended [R2][R9]', async () => {
    const { client, server } = await tlsPair()
    client.write(Buffer.from('one'))
    client.end()
    expect(await textOf(server)).toBe('one')
    server.write(Buffer.from('two'))
    server.end()
    expect(await textOf(client)).toBe('two')
    expect((await closing(client)).cause).toEqual({ _tag: 'Finished' })
    expect((await closing(server)).cause).toEqual({ _tag: 'Finished' })
  })
})

describe('closing over TLS', () => {
  it('lingers: the last answer arrives although input was left unread [R11]', async () => {
    for (const pair of [tlsClientPair, tlsServerPair]) {
      const { connection, peer } = await pair()
      peer.write(Buffer.alloc(1_000_000, 'x'))
      connection.write(Buffer.from('goodbye'))
      connection.close()
      expect(await everything(peer)).toBe('goodbye')
      peer.end()
      const { cause, figures } = await closing(connection)
      expect(cause).toEqual({ _tag: 'Finished' })
      expect(figures.bytesUnread).toBe(1_000_000)
    }
  })

  it('a peer that never ends is left after lingerMs [R11][R21]', async () => {
    const clock = new VirtualClock()
    const { connection, peer } = await tlsServerPair({ lingerMs: 1_000, scheduler: clock })
    connection.close()
    expect(await everything(peer)).toBe('')
    await until('our end', () => connection.localEnded)
    clock.advance(1_001)
    expect((await closing(connection)).cause).toEqual({ _tag: 'TimedOut', clock: 'linger', afterMs: 1_000 })
  })

  it('silence is found over TLS too [R21]', async () => {
    const clock = new VirtualClock()
    const { connection } = await tlsServerPair({ silenceMs: 1_000, scheduler: clock })
    connection.data$.subscribe({ error: () => undefined })
    clock.advance(1_002)
    expect((await closing(connection)).cause).toMatchObject({ _tag: 'TimedOut', clock: 'silence' })
  })
})

describe('a reset over TLS', () => {
  it('in the middle of a frame: Reset, and no part of the frame [R13]', async () => {
    for (const pair of [tlsClientPair, tlsServerPair]) {
      const { connection, peer } = await pair()
      const talk = converse(connection, shout)
      peer.write('hello\n')
      await next(peer, 6)
      peer.write('wor', () => resetUnder(peer))
      expect((await talk).cause._tag).toBe('Reset')
    }
  })

  it('of ours is one: the peer sees it, and Node does not throw [R14]', async () => {
    for (const pair of [tlsClientPair, tlsServerPair]) {
      const { connection, peer } = await pair()
      // what comes behind the handshake has come
      connection.write(Buffer.from('hello'))
      await next(peer, 5)
      peer.write('hello')
      await firstValueFrom(connection.data$)
      const failed = once(peer, 'error')
      connection.abort('enough')
      expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
      expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason: 'enough' })
    }
  })

  it('of ours can come at the very moment the handshake is done, in the midst of OpenSSL [R14]', async () => {
    const { port } = await tlsServer()
    for (let i = 0; i < 20; i++) {
      const causes: string[] = []
      connect({ host: HOST, port, tls: { ca: ca.cert } }).subscribe((connection) => {
        void closing(connection).then(({ cause }) => causes.push(cause._tag))
        connection.abort()
      })
      await until('the end', () => causes.length === 1)
      expect(causes).toEqual(['Aborted'])
    }
  })

  it('of ours is one at any moment: in the dispatch of a chunk, of the end, with much unsent [R14]', async () => {
    const moments: ((connection: Connection) => void)[] = [
      (connection) => connection.data$.subscribe({ next: () => connection.abort(), error: () => undefined }),
      (connection) => connection.data$.subscribe({ complete: () => connection.abort(), error: () => undefined }),
      (connection) => connection.events$.subscribe(({ _tag }) => _tag === 'RemoteEnded' && connection.abort()),
      (connection) => (connection.write(Buffer.alloc(1_000_000)), connection.abort()),
      (connection) => (connection.write(Buffer.alloc(1_000_000)), connection.end(), connection.abort()),
    ]
    for (const moment of moments) {
      const { connection, peer } = await tlsServerPair()
      moment(connection)
      peer.end('hello')
      connection.data$.subscribe({ error: () => undefined })
      expect((await closing(connection)).cause._tag).toBe('Aborted')
      peer.destroy()
    }
  })
})
