import { lines, WrongOption } from '@sluice/protocol'
import { firstValueFrom, mergeMap, NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Clocks, Connection } from '../src/index.ts'
import { clocks, connect, fromDuplex, listen, serve, speak } from '../src/index.ts'
import { connected, listening, peerOf, portOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { talking } from './support/talking.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

/** A connection in memory, and how it ends when so much time has passed. */
const lifted = (options: Clocks = {}) => {
  const clock = new VirtualClock()
  const connection = fromDuplex(new Wire(), { ...options, scheduler: clock })
  let closed: string | null = null
  connection.events$.subscribe((event) => {
    if (event._tag === 'Closed') closed = event.cause._tag === 'TimedOut' ? event.cause.clock : event.cause._tag
  })
  const wait = async (ms: number): Promise<string | null> => {
    await turns(2)
    clock.advance(ms)
    await turns(2)
    return closed
  }
  return { connection, wait, clock }
}

const reads = (connection: Connection): void => {
  connection.data$.subscribe({ error: () => undefined })
}

describe('clocks', () => {
  it('are an option of speak, for the conversation [R21]', async () => {
    const { connection, wait } = lifted()
    of(connection).pipe(speak(lines(), (in$) => in$, { clocks: { silenceMs: 1_000 } })).subscribe() // prettier-ignore
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('silence')
  })

  it('are an option of serve, for every conversation [R21]', async () => {
    const clock = new VirtualClock()
    const listener = await listening({ scheduler: clock })
    const causes: unknown[] = []
    const quiet = serve<string, string>(lines(), (in$) => in$, { clocks: { silenceMs: 1_000 } })
    of(listener).pipe(quiet).subscribe(({ closed }) => causes.push(closed.cause)) // prettier-ignore
    await peerOf(listener)
    await peerOf(listener)
    await until('both connections', () => listener.live === 2)
    clock.advance(1_010)
    const cause = { _tag: 'TimedOut', clock: 'silence', afterMs: 1_000 }
    await until('both ends', () => causes.length === 2)
    expect(causes).toEqual([cause, cause])
  })

  it('are given to every connection of a stream by the operator of that name [R21]', async () => {
    const { connection, wait } = lifted({ silenceMs: 60_000 })
    const passed = await firstValueFrom(of(connection).pipe(clocks({ silenceMs: 1_000 })))
    expect(passed).toBe(connection)
    reads(connection)
    expect(await wait(1_010)).toBe('silence')
  })

  it('are options of connect and listen [R21]', async () => {
    const clock = new VirtualClock()
    const listener = await listening({ silenceMs: 1_000, scheduler: clock })
    const [accepted, connection] = await Promise.all([
      firstValueFrom(listener.connections$),
      connected({ port: portOf(listener), silenceMs: 2_000, scheduler: clock }),
    ])
    const ended: string[] = []
    for (const [name, one] of [
      ['accepted', accepted],
      ['connected', connection],
    ] as const) {
      // prettier-ignore
      reads(one)
      one.events$.subscribe({ complete: () => ended.push(name) })
    }
    clock.advance(1_010)
    await until('both ends: a reset reaches the other', () => ended.length === 2)
    expect(ended[0]).toBe('accepted')
  })

  it('are set on a live connection, and count from then at the earliest [R21]', async () => {
    const { connection, wait } = lifted()
    reads(connection)
    expect(await wait(60_000)).toBe(null)
    connection.setClocks({ silenceMs: 1_000 })
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('silence')
  })

  it('are made longer, or turned off, while they run [R21]', async () => {
    const { connection, wait } = lifted({ silenceMs: 1_000 })
    reads(connection)
    await wait(900)
    connection.setClocks({ silenceMs: 5_000 })
    expect(await wait(4_900)).toBe(null)
    connection.setClocks({ silenceMs: Infinity })
    expect(await wait(24 * 3_600_000)).toBe(null)
    connection.abort()
  })

  it('that are not named stay as they were, and go on counting [R21]', async () => {
    const { connection, wait } = lifted({ silenceMs: 1_000, onExpiry: { halfClosed: 'event' } })
    reads(connection)
    await wait(600)
    connection.setClocks({ frameMs: 5_000, onExpiry: { frame: 'event' } })
    connection.setClocks({})
    expect(await wait(390)).toBe(null)
    expect(await wait(20)).toBe('silence')
  })

  it('that end may be told to tell, and back again [R21]', async () => {
    const { connection, wait } = lifted({ silenceMs: 1_000 })
    reads(connection)
    connection.setClocks({ onExpiry: { silence: 'event' } })
    expect(await wait(5_000)).toBe(null)
    connection.setClocks({ onExpiry: { silence: 'end' } })
    expect(await wait(1_010)).toBe('silence')
  })

  it('of a write that waits, and of a gate that is held, can be set while they do [R21]', async () => {
    const writing = talking({ writeProgressMs: Infinity }, () => NEVER)
    writing.wire.stall()
    writing.connection.write(Buffer.from('x'))
    expect(await writing.wait(60_000)).toBe(null)
    writing.connection.setClocks({ writeProgressMs: 1_000 })
    expect(await writing.wait(990)).toBe(null)
    expect(await writing.wait(150)).toBe('writeProgress 1000')
    const held = talking({}, () => NEVER)
    held.connection.pause()
    expect(await held.wait(60_000)).toBe(null)
    held.connection.setClocks({ consumerMs: 1_000 })
    expect(await held.wait(990)).toBe(null)
    expect(await held.wait(150)).toBe('consumer 1000')
  })

  it('that cannot be are refused where they are given', () => {
    const wrong: readonly Clocks[] = [
      { silenceMs: 0 },
      { frameMs: -1 },
      { consumerMs: NaN },
      { onExpiry: { probe: 'end' } as Clocks['onExpiry'] & object },
      { onExpiry: { silence: 'reset' as 'end' } },
    ]
    const connection = fromDuplex(new Wire())
    for (const one of wrong) {
      expect(() => speak(lines(), () => NEVER, { clocks: one })).toThrow(WrongOption)
      expect(() => serve(lines(), () => NEVER, { clocks: one })).toThrow(WrongOption)
      expect(() => clocks(one)).toThrow(WrongOption)
      expect(() => connect({ port: 1, ...one })).toThrow(WrongOption)
      expect(() => listen({ port: 0, ...one })).toThrow(WrongOption)
      expect(() => fromDuplex(new Wire(), one)).toThrow(WrongOption)
      expect(() => connection.setClocks(one)).toThrow(WrongOption)
    }
    connection.abort()
  })

  it('refuse a connection of another library', async () => {
    const strange = { id: 1 } as unknown as Connection
    const passing = of(strange).pipe(clocks({ silenceMs: 1 }), mergeMap(() => NEVER)) // prettier-ignore
    await expect(firstValueFrom(passing)).rejects.toBeInstanceOf(WrongOption)
  })
})
