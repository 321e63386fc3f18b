import type { Protocol } from '@sluice/protocol'
import { lines } from '@sluice/protocol'
import { catchError, firstValueFrom, ignoreElements, map, NEVER, of, range, tap, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Closed, Connection, ConnectionEvent, Handler } from '../src/index.ts'
import { fromDuplex, showCause, speak } from '../src/index.ts'
import { closing, everything, next, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const protocol = lines({ maxFrameBytes: 32 })

/** Holds a conversation, and checks that its end is told once, last of all, the same to everybody. */
const converse = async (connection: Connection, handler: Handler<string, string>): Promise<Closed> => {
  const events: ConnectionEvent[] = []
  connection.events$.subscribe((event) => events.push(event))
  const closed = await firstValueFrom(of(connection).pipe(speak(protocol, handler)))
  expect(events.filter(({ _tag }) => _tag === 'Closed')).toEqual([closed])
  expect(events.at(-1)).toBe(closed)
  await turns()
  expect(events.at(-1)).toBe(closed)
  expect(connection.figures).toBe(closed.figures)
  expect(showCause(closed.cause)).not.toBe('')
  return closed
}

const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))

describe('a connection is closed once, and says why', () => {
  it('Finished: both sides ended at a frame border [R9][R10]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, shout)
    peer.end('hello\nworld\n')
    expect(await everything(peer)).toBe('HELLO\nWORLD\n')
    const { cause, figures } = await talk
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(figures).toMatchObject({ bytesRead: 12, bytesWritten: 12, bytesUnsent: 0, bytesUnread: 0, dropped: 0 })
    expect(figures.durationMs).toBeGreaterThan(0)
  })

  it('Finished: our side ends first, and what the peer still says is dropped and counted [R10][R11]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, () => of('goodbye'))
    expect(await everything(peer)).toBe('goodbye\n')
    peer.end('but wait\n')
    const { cause, figures } = await talk
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(figures).toMatchObject({ bytesRead: 9, bytesWritten: 8, bytesUnsent: 0, bytesUnread: 9 })
  })

  it('Truncated: the peer ended inside a frame; what came before is still answered [R10][R13]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, shout)
    peer.end('hello\nwor')
    expect(await everything(peer)).toBe('HELLO\n')
    const { cause, figures } = await talk
    expect(cause).toMatchObject({ _tag: 'Truncated', error: { got: 3 } })
    expect(figures).toMatchObject({ bytesRead: 9, bytesWritten: 6, bytesUnread: 3 })
  })

  it('Reset: the peer broke off [R10]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, shout)
    peer.write('hello\n')
    await next(peer, 6)
    peer.resetAndDestroy()
    const { cause, figures } = await talk
    expect(cause).toMatchObject({ _tag: 'Reset', error: { code: 'ECONNRESET' } })
    expect(figures).toMatchObject({ bytesRead: 6, bytesWritten: 6, bytesUnread: 0 })
  })

  it('ProtocolFailed: bytes no frame is made of; the peer is at fault [R10][R12][R19]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, shout)
    peer.write(`fine\n${'x'.repeat(40)}`)
    const { cause, figures } = await talk
    expect(cause).toMatchObject({ _tag: 'ProtocolFailed', error: { _tag: 'TooLong', fault: 'remote', offset: 5 } })
    expect(figures).toMatchObject({ bytesRead: 45, bytesUnread: 40 })
  })

  it('ProtocolFailed: a message no bytes are made of; our side is at fault [R10][R12]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, (in$) => in$.pipe(map((line) => `two\n${line}`)))
    peer.write('hello\n')
    const { cause, figures } = await talk
    expect(cause).toMatchObject({ _tag: 'ProtocolFailed', error: { _tag: 'NotEncodable', fault: 'local' } })
    expect(figures).toMatchObject({ bytesRead: 6, bytesWritten: 0, bytesUnsent: 0, bytesUnread: 0 })
  })

  it('HandlerFailed: its output failed [R10][R12]', async () => {
    const { connection } = await pair()
    const error = new Error('oh')
    const { cause } = await converse(connection, () => throwError(() => error))
    expect(cause).toEqual({ _tag: 'HandlerFailed', error })
  })

  it('HandlerFailed: it writes after it has ended [R8][R10]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, (in$, self) => in$.pipe(tap(() => self.end())))
    peer.write('hello\n')
    expect((await talk).cause).toMatchObject({ _tag: 'HandlerFailed', error: { _tag: 'NotWritable', why: 'ended' } })
  })

  it('Overflowed: the peer does not read, and the policy is to put it out [R7][R10]', async () => {
    const { connection } = await pair({ whenFull: 'fail', maxUnsentBytes: 100_000 })
    const flood$ = range(0, Number.MAX_SAFE_INTEGER).pipe(map(() => 'x'.repeat(30)))
    const { cause, figures } = await converse(connection, () => flood$)
    expect(cause).toMatchObject({ _tag: 'Overflowed', limit: 100_000 })
    expect(figures.bytesUnsent).toBeGreaterThanOrEqual(100_000)
    expect((figures.bytesWritten + figures.bytesUnsent) % 31).toBe(0)
  })

  it('Aborted: this side broke off, with its reason [R10]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, () => NEVER)
    connection.abort('no more')
    connection.abort('too late')
    expect((await talk).cause).toEqual({ _tag: 'Aborted', reason: 'no more' })
    await expect(everything(peer)).rejects.toThrow()
  })

  it('ShutDown: the listener was drained [R10][R25]', async () => {
    const { connection, peer, listener } = await pair()
    const talk = converse(connection, shout)
    peer.on('end', () => peer.end()).resume()
    await listener.drain()()
    expect((await talk).cause).toEqual({ _tag: 'ShutDown' })
  })
})

describe('closing is a ratchet', () => {
  it('end twice is one FIN, and abort after the end is one Closed [R11]', async () => {
    const { connection, peer } = await pair()
    connection.end()
    connection.end()
    expect(await everything(peer)).toBe('')
    connection.abort('enough')
    connection.end()
    connection.close()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason: 'enough' })
  })

  it('close ends the input of the handler, flushes, discards what still comes, and finishes [R11]', async () => {
    const { connection, peer } = await pair()
    const seen: string[] = []
    const talk = converse(connection, (in$) =>
      in$.pipe(
        tap((line) => seen.push(line)),
        ignoreElements(),
      ),
    )
    peer.write('hello\n')
    await until('the first line', () => seen.length === 1)
    connection.send(protocol, 'goodbye')
    connection.close()
    connection.close()
    expect(await everything(peer)).toBe('goodbye\n')
    peer.end('too late\n')
    const { cause, figures } = await talk
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(seen).toEqual(['hello'])
    expect(figures).toMatchObject({ bytesRead: 15, bytesUnread: 9 })
  })

  it('what the peer has sent before both ends is taken first, however slowly [R4][R10][R13]', async () => {
    const wire = new Wire()
    const connection = fromDuplex(wire)
    const chunks: string[] = []
    connection.data$.subscribe((bytes) => chunks.push(Buffer.from(bytes).toString()))
    wire.give('a')
    wire.fin()
    connection.end()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
    expect(chunks).toEqual(['a'])
  })

  it('a stream that does not close by itself is closed when both sides have ended [R11]', async () => {
    const wire = new Wire({ autoDestroy: false })
    const connection = fromDuplex(wire)
    connection.data$.subscribe()
    connection.end()
    wire.fin()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
    expect(wire.destroyed).toBe(true)
  })

  it('a stream that is gone already is a connection that is closed at once [R10]', async () => {
    const wire = new Wire()
    wire.destroy()
    expect((await closing(fromDuplex(wire))).cause._tag).toBe('Reset')
  })
})

describe('a protocol error in the input', () => {
  it('may be answered by the handler: the answer is flushed, the cause stays [R10][R12]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, (in$) => in$.pipe(catchError(() => of('too long, goodbye'))))
    peer.end('x'.repeat(40))
    expect(await everything(peer)).toBe('too long, goodbye\n')
    expect((await talk).cause).toMatchObject({ _tag: 'ProtocolFailed', error: { _tag: 'TooLong' } })
  })

  it('of a protocol that throws is a failure of that connection, not of the process [R12]', async () => {
    const throwing: Protocol<string> = {
      name: 'throwing',
      decoder: () => ({
        ...protocol.decoder(),
        buffered: 0,
        push: () => {
          throw new Error('broken decoder')
        },
      }),
      encode: () => {
        throw new Error('broken encoder')
      },
    }
    const decoding = await pair()
    const one = firstValueFrom(of(decoding.connection).pipe(speak(throwing, (in$) => in$)))
    decoding.peer.write('x')
    expect((await one).cause).toMatchObject({ _tag: 'HandlerFailed', error: { message: 'broken decoder' } })
    expect(await one).toBe(await one)
    const encoding = await pair()
    const two = firstValueFrom(of(encoding.connection).pipe(speak(throwing, () => of('x'))))
    expect((await two).cause).toMatchObject({ _tag: 'HandlerFailed', error: { message: 'broken encoder' } })
  })
})
