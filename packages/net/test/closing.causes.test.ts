import { converse, shout } from './support/converse.ts'
import { map, NEVER, of, range, tap, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { everything, next, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

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
    peer.end('hello\n')
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
