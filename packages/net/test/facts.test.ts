import { lines } from '@sluice/protocol'
import { NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/index.ts'
import { speak } from '../src/index.ts'
import { closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { stuck, talking } from './support/talking.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const ends = ({ remoteEnded, localEnded }: Connection): readonly boolean[] => [remoteEnded, localEnded]

describe('remoteEnded and localEnded', () => {
  it('say which side has ended, whichever is first, and go on saying so [R2][R10]', async () => {
    const remoteFirst = await pair()
    const { connection, peer } = remoteFirst
    connection.data$.subscribe()
    expect(ends(connection)).toEqual([false, false])
    peer.end('x')
    await until('the end of the peer', () => connection.remoteEnded)
    expect(ends(connection)).toEqual([true, false])
    connection.end()
    await closing(connection)
    expect(ends(connection)).toEqual([true, true])

    const localFirst = await pair()
    localFirst.connection.end()
    await everything(localFirst.peer)
    await until('our end', () => localFirst.connection.localEnded)
    expect(ends(localFirst.connection)).toEqual([false, true])
    localFirst.peer.end()
    await closing(localFirst.connection)
    expect(ends(localFirst.connection)).toEqual([true, true])
  })

  it('are true when their events are told, and not before [R10]', async () => {
    const { connection, peer } = await pair()
    const told: string[] = []
    connection.events$.subscribe(({ _tag }) => told.push(`${_tag} ${ends(connection).join(' ')}`))
    connection.data$.subscribe({ complete: () => connection.end() })
    peer.end('x')
    await closing(connection)
    expect(told).toEqual([
      'Connected false false',
      'Data false false',
      'RemoteEnded true false',
      'LocalEnded true true',
      'Closed true true',
    ])
  })

  it('stay false where a side was broken off [R10][R12]', async () => {
    const { connection, peer } = await pair()
    connection.data$.subscribe({ error: () => undefined })
    peer.resetAndDestroy()
    await closing(connection)
    expect(ends(connection)).toEqual([false, false])
  })

  it('wait for what is taken and flushed before: a full sink, a peer that does not read [R2][R9]', async () => {
    const { wire, connection } = talking({}, stuck)
    wire.give('a\nb\n')
    wire.fin()
    await turns()
    expect(connection.remoteEnded).toBe(false)
    wire.stall()
    connection.write(Buffer.from('x'))
    connection.end()
    await turns()
    expect(connection.localEnded).toBe(false)
    wire.drain()
    await turns()
    expect(connection.localEnded).toBe(true)
    connection.abort()
  })
})

describe('figures', () => {
  it('tell how it went so far, and at the end what Closed says [R10]', async () => {
    const { wire, connection, wait } = talking({ maxUnsentBytes: 4, whenFull: 'dropNewest' }, () => NEVER)
    const nothing = { bytesRead: 0, bytesWritten: 0, bytesUnsent: 0, bytesUnread: 0, dropped: 0, invalid: 0 }
    expect(connection.figures).toEqual({ ...nothing, durationMs: 0 })
    wire.stall()
    connection.write(Buffer.from('1234'))
    await wait(10)
    connection.write(Buffer.from('dropped'))
    expect(connection.figures).toMatchObject({ bytesWritten: 0, bytesUnsent: 4, dropped: 1, durationMs: 10 })
    expect([connection.unsentBytes, connection.full]).toEqual([4, true])
    wire.drain()
    await wait(5)
    expect(connection.figures).toMatchObject({ bytesWritten: 4, bytesUnsent: 0, dropped: 1, durationMs: 15 })
    connection.abort()
    const closed = await closing(connection)
    await wait(100)
    expect(connection.figures).toBe(closed.figures)
    expect(closed.figures.durationMs).toBe(15)
  })

  it('count bytes that no message took as unread: half a frame, and what waits for a reader [R10]', async () => {
    const { connection, peer } = await pair()
    of(connection).pipe(speak(lines(), () => NEVER)).subscribe() // prettier-ignore
    const reading = connection.data$.subscribe()
    peer.write('raw')
    await until('the bytes', () => connection.figures.bytesRead === 3)
    expect(connection.figures.bytesUnread).toBe(0)
    reading.unsubscribe()
    connection.end()
    peer.write('for nobody')
    await until('the bytes', () => connection.figures.bytesRead === 13)
    expect(connection.figures.bytesUnread).toBe(10)
  })
})
