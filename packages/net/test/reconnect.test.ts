import { lines } from '@sluice/protocol'
import { of, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/index.ts'
import { backoff, ConnectFailed, fromDuplex, reconnect, speak } from '../src/index.ts'
import { attempting, refused } from './support/attempts.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'
import { Wire } from './support/wire.ts'
import { heard } from './support/work.ts'

nothingLeft()

describe('reconnect', () => {
  it('tries again after waits that grow, until it is up', async () => {
    const { told, connection$, wait } = attempting(['refused', 'refused', 'refused', 'connects'])
    const seen = heard(connection$.pipe(take(1)))
    await wait(10_000)
    expect(told).toEqual([
      '0 connecting 0',
      '0 waiting 100 for 1',
      '100 connecting 1',
      '100 waiting 200 for 2',
      '300 connecting 2',
      '300 waiting 400 for 3',
      '700 connecting 3',
      '700 up',
    ])
    expect(seen).toMatchObject([{ id: expect.any(Number) as number }, 'completed'])
  })

  it('makes another connection when one is lost, and reports what was not sent: nothing is sent again', async () => {
    const { told, events, wires, connection$, broken, wait } = attempting(['connects'])
    const connections: Connection[] = []
    const running = connection$.subscribe((connection) => connections.push(connection))
    wires[0]?.stall()
    connections[0]?.write(Buffer.from('never sent'))
    await wait(0)
    await broken()
    await wait(100)
    expect(told).toEqual(['0 connecting 0', '0 up', '0 lost: Reset', '0 waiting 100 for 1', '100 connecting 1', '100 up']) // prettier-ignore
    expect(events[2]).toMatchObject({ connection: connections[0], closed: { figures: { bytesUnsent: 10 } } })
    expect(connections[1]?.id).not.toBe(connections[0]?.id)
    expect(wires[1]?.text).toBe('')
    running.unsubscribe()
  })

  it('begins its waits anew only after a connection that has lasted long enough', async () => {
    const { told, connection$, broken, wait } = attempting(['refused', 'connects'], { resetAfterMs: 1_000 })
    const running = connection$.subscribe()
    await wait(100)
    await wait(999)
    await broken()
    await wait(200)
    await wait(1_000)
    await broken()
    expect(told.slice(3)).toEqual([
      '100 up',
      '1099 lost: Reset',
      '1099 waiting 200 for 2',
      '1299 connecting 2',
      '1299 up',
      '2299 lost: Reset',
      '2299 waiting 100 for 1',
    ])
    running.unsubscribe()
  })

  it('gives up after so many attempts in a row, with the error of the last one', async () => {
    const { told, events, connection$, wait } = attempting(['refused'], { attempts: 2 })
    const seen = heard(connection$)
    await wait(10_000)
    expect(told.filter((row) => row.includes('connecting'))).toHaveLength(3)
    expect(told.at(-1)).toBe('300 given up')
    expect(seen).toEqual([refused])
    expect(events.at(-1)).toEqual({ _tag: 'GivenUp', error: refused })
  })

  it('gives up at once where the policy says that it makes no sense', async () => {
    const aborted = new ConnectFailed('nowhere:1', 'ABORTED', 'the signal was aborted')
    const { told, connection$, wait } = attempting([aborted])
    const seen = heard(connection$)
    await wait(10_000)
    expect([told, seen]).toEqual([['0 connecting 0', '0 given up'], [aborted]]) // prettier-ignore
  })

  it('fails with ConnectionLost where a lost connection is not to be made again', async () => {
    const { told, connection$, broken } = attempting(['connects'], { attempts: 0 })
    const seen = heard(connection$)
    await broken()
    expect(told.slice(2)).toEqual(['0 lost: Reset', '0 given up'])
    expect(seen[1]).toMatchObject({ _tag: 'ConnectionLost', reason: { _tag: 'Reset' } })
  })

  it('asks the policy about each error, of a connect or of a connection', async () => {
    const asked: unknown[] = []
    const retryIf = (error: unknown): boolean => asked.push(error) < 2
    const { connection$, wait, broken } = attempting(['refused', 'connects'], { retryIf })
    const seen = heard(connection$)
    await wait(100)
    await broken()
    expect(asked).toMatchObject([{ _tag: 'ConnectFailed' }, { _tag: 'ConnectionLost' }])
    expect(seen[1]).toBe(asked[1])
  })

  it('completes when both sides have ended as they should, unless it is told to come back', async () => {
    for (const afterFinished of [false, true]) {
      const { told, wires, connection$, wait } = attempting(['connects'], {}, { afterFinished })
      const seen = heard(connection$)
      const [connection] = seen as Connection[]
      connection?.end()
      wires[0]?.fin()
      await wait(0)
      expect(told.slice(2)).toEqual(afterFinished ? ['0 lost: Finished', '0 waiting 100 for 1'] : [])
      expect(seen.at(-1)).toBe(afterFinished ? connection : 'completed')
    }
  })

  it('completes when this side wanted the end', async () => {
    const { told, connection$, wait } = attempting(['connects'])
    const seen = heard(connection$)
    ;(seen as Connection[])[0]?.abort()
    await wait(10_000)
    expect([told, seen.slice(1)]).toEqual([['0 connecting 0', '0 up'], ['completed']]) // prettier-ignore
  })

  it('needs no source that stays: one that completes, or makes several connections, will do', async () => {
    const scheduler = new VirtualClock()
    const wires = [new Wire(), new Wire()]
    const told: string[] = []
    const both$ = of(...wires.map((wire) => fromDuplex(wire, { scheduler })))
    const policy = backoff({ jitter: 'none' })
    const running = both$.pipe(reconnect(policy, { scheduler, tell: ({ _tag }) => told.push(_tag) })).subscribe()
    wires[0]?.destroy(new Error('reset'))
    await turns()
    expect(told).toEqual(['Connecting', 'Up', 'Up'])
    wires[1]?.destroy(new Error('reset'))
    await turns()
    expect(told.slice(3)).toEqual(['Lost', 'Waiting'])
    running.unsubscribe()
  })

  it('tells the end of a connection to whoever works with it before it gives up', async () => {
    const { connection$, broken } = attempting(['connects'], { attempts: 0 })
    const seen = heard(connection$.pipe(speak(lines(), (in$) => in$)))
    await broken()
    expect(seen).toMatchObject([{ _tag: 'Closed', cause: { _tag: 'Reset' } }, { _tag: 'ConnectionLost' }])
  })

  it('completes when its source has nothing', () => {
    const { told, connection$ } = attempting(['nothing'])
    expect([heard(connection$), told]).toEqual([['completed'], ['0 connecting 0']]) // prettier-ignore
  })

  it('begins anew at each subscription [R26]', async () => {
    const { told, connection$, wait } = attempting(['refused'], { attempts: 1 })
    heard(connection$)
    await wait(1_000)
    heard(connection$)
    expect(told.slice(-2)).toEqual(['1000 connecting 0', '1000 waiting 100 for 1'])
  })
})
