import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { concat, interval, lastValueFrom, map, NEVER, of, range, takeUntil, throwError, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { mapAsync, requestUntilClose, speak, whenRemoteEnded } from '../src/index.ts'
import { clientPair, closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { heard } from './support/work.ts'

nothingLeft()

const all = <A>(value$: Observable<A>): Promise<A[]> => lastValueFrom(value$.pipe(toArray()))

describe('requestUntilClose', () => {
  it('sends everything, then FIN, and emits what comes until the peer ends [R2][R9]', async () => {
    const { connection, peer } = await clientPair()
    const answer = all(of(connection).pipe(requestUntilClose(lines(), ['a', 'b'])))
    expect(await everything(peer)).toBe('a\nb\n')
    peer.end('one\ntwo\n')
    expect(await answer).toEqual(['one', 'two'])
    expect((await closing(connection)).cause._tag).toBe('Finished')
  })

  it('hears a peer that answers, and ends, before it has heard all [R2]', async () => {
    const { connection, peer } = await clientPair()
    const answer = all(of(connection).pipe(requestUntilClose(lines(), range(0, 50_000).pipe(map((n) => String(n))))))
    peer.end('enough\n')
    const asked = await everything(peer)
    expect(await answer).toEqual(['enough'])
    expect(asked.endsWith('49999\n')).toBe(true)
  })

  it('fails where the answer is only a part, after what came of it [R13]', async () => {
    const { connection, peer } = await clientPair()
    const seen = heard(of(connection).pipe(requestUntilClose(lines(), ['a'])))
    await everything(peer)
    peer.end('one\ntw')
    await until('the end', () => seen.length === 2)
    expect(seen).toMatchObject(['one', { _tag: 'ConnectionLost', reason: { _tag: 'Truncated' } }])
  })

  it('fails where the connection breaks [R12]', async () => {
    const { connection, peer } = await clientPair()
    const seen = heard(of(connection).pipe(requestUntilClose(lines(), NEVER)))
    await turns()
    peer.resetAndDestroy()
    await until('the end', () => seen.length === 1)
    expect(seen).toMatchObject([{ _tag: 'ConnectionLost', reason: { _tag: 'Reset' } }])
  })

  it('fails with what the requests fail with, and breaks off [R12]', async () => {
    const { connection, peer } = await clientPair()
    const oh = new Error('oh')
    const seen = heard(of(connection).pipe(requestUntilClose(lines(), concat(of('a'), throwError(() => oh))))) // prettier-ignore
    await expect(everything(peer)).rejects.toThrow('closed before its end')
    expect(seen).toEqual([oh])
  })

  it('stops reading while the sink behind is full [R3]', async () => {
    const { connection, peer } = await clientPair()
    let [busy, most] = [0, 0]
    const slowly = async (line: string): Promise<string> => {
      most = Math.max(most, ++busy)
      await turn()
      busy--
      return line
    }
    const answer = all(of(connection).pipe(requestUntilClose(lines(), ['a']), mapAsync(2, slowly)))
    peer.resume().end('line\n'.repeat(500))
    expect(await answer).toHaveLength(500)
    expect(most).toBe(2)
  })

  it('breaks the connection off when it is unsubscribed [R14]', async () => {
    const { connection, peer } = await clientPair()
    const asking = of(connection).pipe(requestUntilClose(lines(), NEVER)).subscribe() // prettier-ignore
    asking.unsubscribe()
    await expect(everything(peer)).rejects.toThrow('closed before its end')
    expect((await closing(connection)).cause._tag).toBe('Aborted')
  })
})

describe('whenRemoteEnded', () => {
  it('lets who sends without end stop when the peer has ended [R2][R9]', async () => {
    const { connection, peer } = await pair()
    const ticks = speak<string, string>(lines(), (in$, here) => {
      in$.subscribe()
      return interval(1).pipe(
        map((n) => String(n)),
        takeUntil(whenRemoteEnded(here)),
      )
    })
    const closed = lastValueFrom(of(connection).pipe(ticks))
    peer.end('stop\n')
    expect(await everything(peer)).toMatch(/^(\d+\n)*$/)
    expect((await closed).cause._tag).toBe('Finished')
  })

  it('tells it at once where it has ended already', async () => {
    const { connection, peer } = await pair()
    peer.end()
    connection.data$.subscribe()
    await until('the end', () => connection.remoteEnded)
    expect(heard(whenRemoteEnded(connection))).toEqual([undefined, 'completed'])
  })

  it('completes without a word where the connection is closed without that end', async () => {
    const { connection } = await pair()
    const seen = heard(whenRemoteEnded(connection))
    connection.abort()
    await closing(connection)
    expect(seen).toEqual(['completed'])
  })
})
