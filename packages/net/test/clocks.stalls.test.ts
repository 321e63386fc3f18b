import { describe, expect, it } from 'vitest'
import type { ConnectionEvent } from '../src/index.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { closing, pair } from './support/loopback.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

/** Keeps the event loop from turning. */
const stall = (ms: number): void => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe('a stalled event loop', () => {
  it('is no time-out: 100 stalls with a byte pending, no false alarm (F20) [R22]', async () => {
    const { connection, peer } = await pair({ silenceMs: 10 })
    const idle: ConnectionEvent[] = []
    let stalls = 0
    connection.setClocks({ onExpiry: { silence: 'event' } })
    connection.events$.subscribe((event) => {
      // before the first byte, and after the last, the peer is silent
      if (event._tag === 'Idle' && stalls > 0 && stalls < 100) idle.push(event)
    })
    connection.data$.subscribe({
      next: () => {
        if (stalls === 100) return
        stalls++
        // the next byte is with our kernel before the stall begins, and waits there until it is over
        peer.write('x')
        stall(15)
      },
      error: () => undefined,
    })
    peer.write('x')
    await until('all the stalls', () => stalls === 100)
    expect(idle).toEqual([])
    connection.abort()
    await closing(connection)
  })
})

describe('the wall clock', () => {
  it('may jump by an hour and back: no clock looks at it (F53) [R22]', async () => {
    const now = Date.now
    let jump = 3_600_000
    Date.now = () => now() + (jump = -jump)
    afterwards(() => {
      Date.now = now
    })
    const patient = await pair({ silenceMs: 600_000, halfClosedMs: 600_000 })
    patient.connection.data$.subscribe({ error: () => undefined })
    const hasty = await pair({ silenceMs: 20 })
    hasty.connection.data$.subscribe({ error: () => undefined })
    const { cause, figures } = await closing(hasty.connection)
    expect(cause).toEqual({ _tag: 'TimedOut', clock: 'silence', afterMs: 20 })
    expect(figures.durationMs).toBeLessThan(600_000)
    await turns(20)
    patient.peer.write('still here')
    await until('the bytes', () => patient.connection.figures.bytesRead === 10)
    expect(patient.connection.figures.durationMs).toBeGreaterThan(0)
  })
})
