import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { firstValueFrom, lastValueFrom, NEVER, of, reduce, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { mapAsync, speak } from '../src/index.ts'
import { clientPair, closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { talking } from './support/talking.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const text = (bytes$: Observable<Uint8Array>): Promise<string> =>
  lastValueFrom(bytes$.pipe(reduce((all, bytes) => all + Buffer.from(bytes).toString(), '')))

describe('after our end', () => {
  it('a handler that goes on writing is told so, and what it said before still arrives [R8][R9]', async () => {
    const { connection, peer } = await pair()
    const heard = everything(peer)
    const talk = firstValueFrom(
      of(connection).pipe(
        speak(lines(), (in$) =>
          in$.pipe(
            mapAsync(4, (line) => Promise.resolve(line)),
            tap((line) => {
              if (line !== 'last') return
              connection.send(lines(), 'goodbye')
              connection.close()
            }),
          ),
        ),
      ),
    )
    peer.write('one\nlast\nmore\n')
    expect(await heard).toBe('one\ngoodbye\n')
    peer.end()
    expect((await talk).cause).toMatchObject({ _tag: 'HandlerFailed', error: { _tag: 'NotWritable', why: 'ended' } })
  })

  it('the end of the peer is seen, though nobody reads [R2][R10]', async () => {
    const { connection, peer } = await clientPair()
    connection.write(Buffer.from('only this\n'))
    connection.end()
    expect(await everything(peer)).toBe('only this\n')
    peer.end()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })

  it('what comes is kept for who reads later [R1]', async () => {
    const { connection, peer } = await clientPair()
    connection.end()
    await everything(peer)
    peer.end('answer')
    const bytes = await firstValueFrom(connection.data$)
    expect(Buffer.from(bytes).toString()).toBe('answer')
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
  })

  it('what came before the end of the peer waits also when the socket is gone, and is finished then [R1][R10]', async () => {
    const { connection, peer } = await clientPair()
    let over = false
    connection.events$.subscribe({ complete: () => (over = true) })
    connection.end()
    await everything(peer)
    peer.end('answer')
    await until('the answer', () => connection.figures.bytesUnread === 6)
    await until('the socket gone', () => peer.closed)
    await turns(20)
    expect(over).toBe(false)
    const [answer, { cause, figures }] = await Promise.all([text(connection.data$), closing(connection)])
    expect(answer).toBe('answer')
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(figures).toMatchObject({ bytesRead: 6, bytesUnread: 0 })
  })

  it('what nobody comes for is dropped and counted once the half-closed time is over [R10][R21]', async () => {
    const clock = new VirtualClock()
    const { connection, peer } = await clientPair({ halfClosedMs: 1_000, lingerMs: 500, scheduler: clock })
    connection.end()
    await everything(peer)
    peer.end('answer')
    await until('the answer', () => connection.figures.bytesUnread === 6)
    const over = closing(connection)
    clock.advance(1_010)
    const { cause, figures } = await over
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(figures).toMatchObject({ bytesRead: 6, bytesUnread: 6 })
    expect([connection.remoteEnded, connection.localEnded]).toEqual([true, true])
  })

  it('a peer that does not end behind what nobody comes for is given the time of a lingering close [R11][R21]', async () => {
    const { wire, connection, wait } = talking({ halfClosedMs: 1_000, lingerMs: 500 }, () => NEVER)
    connection.end()
    await wait(0)
    wire.give('answer')
    expect(await wait(1_490)).toBe(null)
    expect(await wait(30)).toBe('linger 500')
  })
})
