import { defer, interval, NEVER, of, Subject, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, TakeUntilClosedOptions } from '../src/index.ts'
import { fromDuplex, takeUntilClosed } from '../src/index.ts'
import { closing, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'
import { heard } from './support/work.ts'

nothingLeft()

const finish = async (connection: Connection, wire: Wire): Promise<void> => {
  connection.end()
  connection.data$.subscribe()
  wire.fin()
  await closing(connection)
}

describe('takeUntilClosed', () => {
  it('completes a stream when the connection is closed, and leaves it [R14]', async () => {
    const connection = fromDuplex(new Wire())
    const value$ = new Subject<number>()
    const seen = heard(value$.pipe(takeUntilClosed(connection)))
    value$.next(1)
    connection.abort()
    await turns()
    expect([seen, value$.observed]).toEqual([[1, 'completed'], false]) // prettier-ignore
  })

  it('fails it with ConnectionLost, where it is told to, for any cause but Finished', async () => {
    for (const whenLost of ['complete', 'error', undefined] as const) {
      const options: TakeUntilClosedOptions = whenLost === undefined ? {} : { whenLost }
      const connection = fromDuplex(new Wire())
      const seen = heard(NEVER.pipe(takeUntilClosed(connection, options)))
      connection.abort()
      await turns()
      if (whenLost === 'error') expect(seen).toMatchObject([{ _tag: 'ConnectionLost', reason: { _tag: 'Aborted' } }])
      else expect(seen).toEqual(['completed'])
      const wire = new Wire()
      const other = fromDuplex(wire)
      const finished = heard(NEVER.pipe(takeUntilClosed(other, options)))
      await finish(other, wire)
      expect(finished).toEqual(['completed'])
    }
  })

  it('ends at once, without a look at the stream, where the connection is closed already', async () => {
    const connection = fromDuplex(new Wire())
    connection.abort()
    await turns()
    let looks = 0
    const value$ = defer(() => of(looks++))
    expect([heard(value$.pipe(takeUntilClosed(connection))), looks]).toEqual([['completed'], 0]) // prettier-ignore
  })

  it('passes the end and the error of the stream on, and leaves the connection', () => {
    const connection = fromDuplex(new Wire())
    const oh = new Error('oh')
    expect(heard(of(1).pipe(takeUntilClosed(connection)))).toEqual([1, 'completed'])
    expect(heard(throwError(() => oh).pipe(takeUntilClosed(connection)))).toEqual([oh])
    expect(connection.figures.durationMs).toBeGreaterThanOrEqual(0)
    connection.abort()
  })

  it('stops a timer when a peer is gone, over a socket [R14]', async () => {
    const { connection, peer } = await pair({ probeMs: 5 })
    let completed = false
    interval(1)
      .pipe(takeUntilClosed(connection))
      .subscribe({ complete: () => (completed = true) })
    peer.resetAndDestroy()
    await until('the end', () => completed)
  })

  it('refuses what cannot work [R27]', () => {
    const connection = fromDuplex(new Wire())
    expect(() => takeUntilClosed(connection, { whenLost: 'throw' as never })).toThrow('takeUntilClosed(): whenLost')
    connection.abort()
  })
})
