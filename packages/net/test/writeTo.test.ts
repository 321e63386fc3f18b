import { lines } from '@sluice/protocol'
import { concat, EMPTY, from, interval, lastValueFrom, map, of, range, Subject, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { decode, fromDuplex, writeTo } from '../src/index.ts'
import { closing, everything, next, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const protocol = lines()
const done = (written$: Observable<never>): Promise<unknown> => lastValueFrom(written$, { defaultValue: 'completed' })

describe('writeTo', () => {
  it('writes every message, ends our side, and completes when all is flushed [R6][R9]', async () => {
    const { connection, peer } = await pair()
    const got = everything(peer)
    expect(await done(from(['a', 'b', 'c']).pipe(writeTo(connection, { protocol })))).toBe('completed')
    expect(connection.unsentBytes).toBe(0)
    expect(await got).toBe('a\nb\nc\n')
  })

  it('writes bytes where no protocol is given, and nothing of an empty source [R9]', async () => {
    const { connection, peer } = await pair()
    const got = everything(peer)
    await done(concat(of(Buffer.from('bytes')), EMPTY).pipe(writeTo(connection)))
    expect(await got).toBe('bytes')
    expect(await done(EMPTY.pipe(writeTo(connection)))).toBe('completed')
  })

  it('does not complete before the peer has taken all that is flushed [R9]', async () => {
    const wire = new Wire()
    wire.stall()
    const connection = fromDuplex(wire)
    let completed = false
    of('a')
      .pipe(writeTo(connection, { protocol }))
      .subscribe({ complete: () => (completed = true) })
    await turns()
    expect(completed).toBe(false)
    wire.drain()
    await until('the flush', () => completed)
    connection.abort()
  })

  it('leaves our side open where it is told to, and completes with its source [R9]', async () => {
    const { connection, peer } = await pair()
    expect(await done(of('a').pipe(writeTo(connection, { protocol, end: false })))).toBe('completed')
    expect(await done(of('b').pipe(writeTo(connection, { protocol })))).toBe('completed')
    expect(await everything(peer)).toBe('a\nb\n')
  })

  it('fails with ConnectionLost when the connection breaks, and leaves its source [R8][R14]', async () => {
    const { connection, peer } = await pair({ probeMs: 5 })
    const source$ = new Subject<string>()
    const writing = done(source$.pipe(writeTo(connection, { protocol })))
    peer.resetAndDestroy()
    await expect(writing).rejects.toMatchObject({ _tag: 'ConnectionLost', reason: { _tag: 'Reset' } })
    expect(source$.observed).toBe(false)
  })

  it('fails at once for a connection that is closed, without a look at its source [R8]', async () => {
    const { connection } = await pair()
    connection.abort()
    await closing(connection)
    const source$ = new Subject<string>()
    const writing = done(source$.pipe(writeTo(connection, { protocol })))
    const subscribed = source$.observed
    await expect(writing).rejects.toMatchObject({ _tag: 'ConnectionLost', reason: { _tag: 'Aborted' } })
    expect(subscribed).toBe(false)
  })

  it('fails with NotWritable after our end; the connection goes on as it was [R8]', async () => {
    const { connection, peer } = await pair()
    connection.end()
    await expect(done(of('late').pipe(writeTo(connection, { protocol })))).rejects.toMatchObject({
      _tag: 'NotWritable',
      why: 'ended',
    })
    expect(await everything(peer)).toBe('')
  })

  it('fails with the error of a message that cannot be encoded, of which nothing was written [R8]', async () => {
    const { connection, peer } = await pair()
    const writing = done(of('a', 'two\nlines', 'c').pipe(writeTo(connection, { protocol })))
    await expect(writing).rejects.toMatchObject({ _tag: 'NotEncodable', fault: 'local' })
    connection.end()
    expect(await everything(peer)).toBe('a\n')
  })

  it('passes the error of its source on, and does not end our side for it [R27]', async () => {
    const { connection, peer } = await pair()
    const error = new Error('oh')
    await expect(done(throwError(() => error).pipe(writeTo(connection)))).rejects.toBe(error)
    connection.write(Buffer.from('still here'))
    expect(await next(peer, 10)).toBe('still here')
  })

  it('fails with WriterFull where no gate feeds it and the peer does not read [R7]', async () => {
    const { connection } = await pair({ maxUnsentBytes: 100_000 })
    const flood$ = range(0, Number.MAX_SAFE_INTEGER).pipe(map((n) => String(n)))
    await expect(done(flood$.pipe(writeTo(connection, { protocol })))).rejects.toMatchObject({ _tag: 'WriterFull' })
    expect((await closing(connection)).cause._tag).toBe('Overflowed')
  })

  it('refuses a connection that is none of ours [R27]', async () => {
    const stranger = { events$: EMPTY } as never
    await expect(
      done(
        interval(1).pipe(
          map((n) => String(n)),
          writeTo(stranger, { protocol }),
        ),
      ),
    ).rejects.toMatchObject({
      _tag: 'WrongOption',
    })
  })
})

describe('a proxy', () => {
  it('carries both directions, each ending on its own [R2][R9]', async () => {
    const [left, right] = [await pair(), await pair()]
    const there = done(left.connection.data$.pipe(writeTo(right.connection)))
    const back = done(right.connection.data$.pipe(decode(protocol), writeTo(left.connection, { protocol })))
    left.peer.end('question')
    expect(await everything(right.peer)).toBe('question')
    await there
    right.peer.end('the\nanswer\n')
    expect(await everything(left.peer)).toBe('the\nanswer\n')
    await back
    const causes = await Promise.all([closing(left.connection), closing(right.connection)])
    expect(causes.map(({ cause }) => cause._tag)).toEqual(['Finished', 'Finished'])
  })
})
