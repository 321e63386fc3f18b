import { stuck, talking } from './support/talking.ts'
import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { fromDuplex } from '../src/index.ts'
import { closing } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

describe('write progress', () => {
  it('ends a connection whose peer reads nothing of what waits [R21]', async () => {
    const { wire, connection, wait } = talking({ writeProgressMs: 1_000 })
    wire.stall()
    connection.write(Buffer.from('x'))
    expect(await wait(990)).toBe(null)
    expect(await wait(150)).toBe('writeProgress 1000')
  })

  it('counts anew with every byte that leaves, and more writes do not feed it [R21]', async () => {
    const { wire, connection, wait } = talking({ writeProgressMs: 1_000 })
    wire.stall()
    for (let i = 0; i < 5; i++) {
      connection.write(Buffer.from('x'))
      expect(await wait(800)).toBe(null)
      wire.drainOnce()
    }
    for (let i = 0; i < 5; i++) {
      connection.write(Buffer.from('x'))
      await wait(200)
    }
    expect(await wait(300)).toBe('writeProgress 1000')
  })

  it('finds an end that is stuck behind a peer that does not read [R11][R21]', async () => {
    const { wire, connection, wait } = talking({ writeProgressMs: 1_000 })
    wire.stall()
    connection.write(Buffer.from('x'))
    connection.end()
    expect(await wait(900)).toBe(null)
    expect(await wait(300)).toBe('writeProgress 1000')
  })
})

describe('half-closed', () => {
  it('ends a connection whose peer neither sends nor ends after our end [R21]', async () => {
    const { wire, connection, wait } = talking({ halfClosedMs: 1_000 })
    connection.end()
    expect(await wait(900)).toBe(null)
    wire.give('still here\n')
    expect(await wait(900)).toBe(null)
    expect(await wait(200)).toBe('halfClosed 1000')
  })

  it('does not count while our own consumer takes nothing [R21]', async () => {
    const { wire, connection, wait } = talking({ halfClosedMs: 1_000 }, stuck)
    wire.give('a\n')
    await wait(1)
    connection.end()
    expect(await wait(60_000)).toBe(null)
    connection.abort()
  })
})

describe('linger', () => {
  it('ends a connection whose peer does not end after all is said [R11][R21]', async () => {
    const { wait } = talking({ lingerMs: 1_000 }, () => of('goodbye'))
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('linger 1000')
  })

  it('bounds close also while our own consumer is stuck [R11][R21]', async () => {
    const { wire, connection, wait } = talking({ lingerMs: 1_000 }, stuck)
    wire.give('a\n')
    expect(await wait(60_000)).toBe(null)
    connection.close()
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('linger 1000')
  })
})

describe('time', () => {
  it('is all the scheduler’s: nothing of ours waits in real time [R22]', async () => {
    const { connection } = talking({ silenceMs: 1_000 })
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Immediate')).toEqual([])
    connection.abort()
    const { figures } = await closing(connection)
    expect(figures.durationMs).toBe(0)
  })

  it('that is over is looked at once more after the input that was pending [R22]', async () => {
    const { wire, wait, connection, clock } = talking({ silenceMs: 1_000 })
    await wait(999)
    wire.give('x')
    clock.advance(1)
    await turns(2)
    expect(await wait(900)).toBe(null)
    connection.abort()
  })

  it('of a connection that is over is given back at once [R14]', async () => {
    const wire = new Wire()
    const connection = fromDuplex(wire, { silenceMs: 60_000, halfClosedMs: 60_000 })
    const reading = connection.data$.subscribe({ error: () => undefined })
    connection.end()
    await turns(3)
    connection.abort()
    await closing(connection)
    reading.unsubscribe()
  })
})
