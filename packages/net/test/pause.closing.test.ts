import { lines } from '@sluice/protocol'
import { concat, NEVER, of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { speak } from '../src/index.ts'
import { clientPair, closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { talking } from './support/talking.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

/** Pauses the connection at its first message, and never ends. */
const stops =
  (seen: string[]): Handler<string, string> =>
  (in$, connection) =>
    concat(
      in$.pipe(
        tap((line) => {
          seen.push(line)
          connection.pause()
        }),
      ),
      NEVER,
    )

describe('a connection that is paused', () => {
  it('finds a peer that has died within the probe interval, by no byte of ours [R23]', async () => {
    const clock = new VirtualClock()
    const { connection, peer } = await clientPair({ probeMs: 1_000, scheduler: clock })
    connection.pause()
    const reading = connection.data$.subscribe({ error: () => undefined })
    let closed = false
    void closing(connection).then(() => (closed = true))
    peer.resetAndDestroy()
    await turns(20)
    clock.advance(999)
    await turns(20)
    expect(closed).toBe(false)
    clock.advance(10)
    await until('the end', () => closed)
    const { cause, figures } = await closing(connection)
    expect(cause._tag).toBe('Reset')
    expect(figures).toMatchObject({ bytesWritten: 0, bytesRead: 0 })
    expect(reading.closed).toBe(true)
  })

  it('ends its own side, and sees the end of the peer when it is resumed [R2][R10]', async () => {
    const { connection, peer } = await pair()
    connection.data$.subscribe()
    connection.pause()
    connection.write(Buffer.from('bye'))
    connection.end()
    expect(await everything(peer)).toBe('bye')
    peer.end('late')
    await turns(30)
    expect([connection.localEnded, connection.remoteEnded]).toEqual([true, false])
    expect(connection.figures.bytesRead).toBe(0)
    connection.resume()
    const { cause, figures } = await closing(connection)
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(figures).toMatchObject({ bytesRead: 4, bytesUnread: 0 })
  })

  it('blames the peer for nothing that it keeps him from, neither silence nor half-close [R21]', async () => {
    const { connection, wait } = talking({ silenceMs: 1_000, halfClosedMs: 1_000 }, () => NEVER)
    connection.pause()
    connection.end()
    expect(await wait(60_000)).toBe(null)
    connection.resume()
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('halfClosed 1000')
  })

  it('that is closed takes no message more, drops what comes, and sees the end [R3][R11]', async () => {
    const { connection, peer } = await pair()
    const seen: string[] = []
    of(connection).pipe(speak(lines(), stops(seen))).subscribe() // prettier-ignore
    peer.write('a\nb\nhalf')
    await until('the first', () => seen.length === 1)
    connection.close()
    peer.end('more\n')
    expect(await everything(peer)).toBe('a\n')
    const { cause, figures } = await closing(connection)
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(seen).toEqual(['a'])
    expect(figures).toMatchObject({ bytesRead: 13, bytesUnread: 11 })
  })

  it('that is paused and closed in one dispatch is closed all the same [R3][R11]', async () => {
    const { connection, peer } = await pair()
    const seen: string[] = []
    const leave: Handler<string, string> = (in$, self) =>
      in$.pipe(
        tap((line) => {
          seen.push(line)
          self.pause()
          self.close()
        }),
      )
    of(connection).pipe(speak(lines(), leave)).subscribe() // prettier-ignore
    peer.end('a\nb\n')
    await everything(peer)
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
    expect(seen).toEqual(['a'])
  })

  it('after close() says nothing of pausing: there is nobody left to wait for [R11]', async () => {
    const { connection, peer } = await pair()
    const told: string[] = []
    connection.data$.subscribe()
    connection.events$.subscribe(({ _tag }) => told.push(_tag))
    connection.close()
    connection.pause()
    connection.resume()
    connection.pause()
    await everything(peer)
    peer.end('for nobody')
    expect((await closing(connection)).figures.bytesUnread).toBe(10)
    expect(told).toEqual(['Connected', 'LocalEnded', 'Data', 'RemoteEnded', 'Closed'])
  })

  it('whose conversation is over does not wait for a resumption that cannot come [R9][R11]', async () => {
    const { connection, peer } = await pair()
    of(connection).pipe(speak(lines(), (_, self) => (self.pause(), of('goodbye')))).subscribe() // prettier-ignore
    expect(await everything(peer)).toBe('goodbye\n')
    peer.end('x'.repeat(300_000))
    const { cause, figures } = await closing(connection)
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(figures).toMatchObject({ bytesRead: 300_000, bytesUnread: 300_000 })
  })
})
