import { lines } from '@sluice/protocol'
import { concat, ignoreElements, NEVER, of, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ConnectionOptions, Handler } from '../src/index.ts'
import { fromDuplex, mapAsync, speak } from '../src/index.ts'
import { closing } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const listens: Handler<string, string> = (in$) => in$.pipe(ignoreElements())

/** A conversation over a stream in memory, in virtual time; `wait` lets time pass, and the loop turn. */
const talking = (options: ConnectionOptions, handler: Handler<string, string> = listens) => {
  const [wire, clock] = [new Wire(), new VirtualClock()]
  const connection = fromDuplex(wire, { ...options, scheduler: clock })
  let closed: string | null = null
  of(connection)
    .pipe(speak(lines(), handler))
    .subscribe(({ cause }) => {
      closed = cause._tag === 'TimedOut' ? `${cause.clock} ${String(cause.afterMs)}` : cause._tag
    })
  const wait = async (ms: number): Promise<string | null> => {
    await turns(2)
    clock.advance(ms)
    await turns(2)
    return closed
  }
  return { wire, connection, wait, clock }
}

const silent: Handler<string, string> = (in$) => concat(in$.pipe(mapAsync(1, () => NEVER)), NEVER)

describe('silence', () => {
  it('ends a connection whose peer never sends anything [R21]', async () => {
    const { wait } = talking({ silenceMs: 1_000 })
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('silence 1000')
  })

  it('counts from the last byte that was received, and our own writes do not feed it [R21]', async () => {
    const { wire, connection, wait } = talking({ silenceMs: 1_000 }, () => NEVER)
    connection.data$.subscribe({ error: () => undefined })
    expect(await wait(900)).toBe(null)
    wire.give('x')
    expect(await wait(900)).toBe(null)
    connection.write(Buffer.from('y'))
    expect(await wait(90)).toBe(null)
    expect(await wait(20)).toBe('silence 1000')
  })

  it('is not held against the peer while our own consumer takes nothing [R21]', async () => {
    const { wire, wait, connection } = talking({ silenceMs: 1_000 }, silent)
    wire.give('a\n')
    expect(await wait(60_000)).toBe(null)
    connection.abort()
  })

  it('counts anew when our consumer goes on [R21]', async () => {
    const go$ = new Subject<string>()
    const { wire, wait } = talking({ silenceMs: 1_000 }, (in$) => in$.pipe(mapAsync(1, () => go$)))
    wire.give('a\n')
    expect(await wait(60_000)).toBe(null)
    go$.next('b')
    expect(await wait(900)).toBe(null)
    expect(await wait(200)).toBe('silence 1000')
  })

  it('is off unless asked for; no other clock ends who is merely quiet [R21]', async () => {
    const { wait, connection } = talking({})
    expect(await wait(24 * 3_600_000)).toBe(null)
    connection.abort()
  })
})

describe('a frame', () => {
  it('that is begun must be finished in time, however many bytes drip [R21]', async () => {
    const { wire, wait } = talking({ frameMs: 1_000 })
    for (let i = 0; i < 9; i++) {
      wire.give('x')
      expect(await wait(110)).toBe(null)
    }
    expect(await wait(20)).toBe('frame 1000')
  })

  it('that is finished leaves the next one its whole time [R21]', async () => {
    const { wire, wait } = talking({ frameMs: 1_000 })
    wire.give('x')
    await wait(900)
    wire.give('x\ny')
    expect(await wait(900)).toBe(null)
    wire.give('y\n')
    expect(await wait(60_000)).toBe(null)
    wire.give('z')
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('frame 1000')
  })

  it('left behind messages that had to wait is watched when they are taken [R3][R21]', async () => {
    const go$ = new Subject<string>()
    const { wire, wait } = talking({ frameMs: 1_000 }, (in$) => in$.pipe(mapAsync(1, () => go$)))
    wire.give('a\nb\nhalf')
    expect(await wait(10_000)).toBe(null)
    go$.next('A')
    expect(await wait(10_000)).toBe(null)
    go$.next('B')
    expect(await wait(900)).toBe(null)
    expect(await wait(200)).toBe('frame 1000')
  })
})

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
    const { wire, connection, wait } = talking({ halfClosedMs: 1_000 }, silent)
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
    const { wire, connection, wait } = talking({ lingerMs: 1_000 }, silent)
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
