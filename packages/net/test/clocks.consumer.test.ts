import { concat, NEVER, of, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ConnectionOptions, Handler } from '../src/index.ts'
import { fromDuplex, mapAsync, writeTo } from '../src/index.ts'
import { closing, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { stuck, talking } from './support/talking.ts'
import { turns } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

/** A connection in memory that nobody speaks on. */
const untouched = (options: ConnectionOptions = {}) => {
  const [wire, clock] = [new Wire(), new VirtualClock()]
  const connection = fromDuplex(wire, { ...options, scheduler: clock })
  let ended: unknown = null
  connection.events$.subscribe((event) => {
    if (event._tag === 'Closed') ended = event.cause
  })
  const wait = async (ms: number): Promise<unknown> => {
    await turns(2)
    clock.advance(ms)
    await turns(2)
    return ended
  }
  return { wire, connection, wait }
}

const UNUSED = { _tag: 'TimedOut', clock: 'consumer', afterMs: 60_000 }

describe('a connection that nobody uses', () => {
  it('is ended after a minute, so that no peer waits for ever (F28) [R21]', async () => {
    const { wait } = untouched()
    expect(await wait(59_990)).toBe(null)
    expect(await wait(20)).toEqual(UNUSED)
  })

  it('is ended also when the peer has long gone, where it would linger in CLOSE_WAIT (F28) [R21]', async () => {
    const clock = new VirtualClock()
    const { connection, peer, listener } = await pair({ scheduler: clock })
    const over = closing(connection)
    peer.end('never read')
    await turns(20)
    clock.advance(60_010)
    const { cause, figures } = await over
    expect(cause).toEqual(UNUSED)
    expect(figures.bytesRead).toBe(0)
    expect(listener.live).toBe(0)
  })

  it('is left alone once somebody has read, written, or spoken, or means to write, and while it is paused [R21]', async () => {
    const uses: ((connection: ReturnType<typeof fromDuplex>) => void)[] = [
      (connection) => connection.data$.subscribe({ error: () => undefined }).unsubscribe(),
      (connection) => connection.write(Buffer.from('x')),
      (connection) => connection.pause(),
      (connection) => NEVER.pipe(writeTo(connection)).subscribe({ error: () => undefined }),
    ]
    for (const use of uses) {
      const { connection, wait } = untouched()
      use(connection)
      expect(await wait(24 * 3_600_000)).toBe(null)
      connection.abort()
    }
    const { connection, wait } = talking({}, () => NEVER)
    expect(await wait(24 * 3_600_000)).toBe(null)
    connection.abort()
  })

  it('waits for as long as consumerMs says, or for ever [R21]', async () => {
    const short = untouched({ consumerMs: 1_000 })
    expect(await short.wait(990)).toBe(null)
    expect(await short.wait(20)).toMatchObject({ clock: 'consumer', afterMs: 1_000 })
    const never = untouched({ consumerMs: Infinity })
    expect(await never.wait(24 * 3_600_000)).toBe(null)
    never.connection.abort()
  })
})

describe('the clock of the consumer', () => {
  it('is off unless asked for: who holds a gate may do so for ever [R21]', async () => {
    const { wire, connection, wait } = talking({}, stuck)
    wire.give('a\n')
    expect(await wait(24 * 3_600_000)).toBe(null)
    connection.abort()
  })

  it('ends a connection whose consumer holds the gate and takes nothing [R21]', async () => {
    const { wire, wait } = talking({ consumerMs: 1_000 }, stuck)
    expect(await wait(60_000)).toBe(null)
    wire.give('a\n')
    expect(await wait(990)).toBe(null)
    expect(await wait(150)).toBe('consumer 1000')
  })

  it('leaves a slow consumer alone as long as he takes one message now and then [R21]', async () => {
    const done$ = new Subject<string>()
    const slow: Handler<string, string> = (in$) => concat(in$.pipe(mapAsync(1, () => done$)), NEVER)
    const { wire, wait } = talking({ consumerMs: 1_000 }, slow)
    wire.give('a\nb\nc\nd\ne\n')
    for (let i = 0; i < 4; i++) {
      expect(await wait(800)).toBe(null)
      done$.next('x')
    }
    expect(await wait(990)).toBe(null)
    expect(await wait(150)).toBe('consumer 1000')
  })

  it('counts pause as well, and a conversation that never looks at its input [R21]', async () => {
    const paused = talking({ consumerMs: 1_000 })
    paused.connection.pause()
    expect(await paused.wait(1_150)).toBe('consumer 1000')
    const deaf = talking({ consumerMs: 1_000 }, () => NEVER)
    expect(await deaf.wait(990)).toBe(null)
    expect(await deaf.wait(20)).toBe('consumer 1000')
  })

  it('counts anew with every pause [R21]', async () => {
    const { connection, wait } = talking({ consumerMs: 1_000 })
    for (let i = 0; i < 4; i++) {
      connection.pause()
      expect(await wait(800)).toBe(null)
      connection.resume()
    }
    connection.pause()
    expect(await wait(1_130)).toBe('consumer 1000')
  })

  it('does not run once the peer has ended, or what comes is for nobody: other clocks do [R21]', async () => {
    const ended = talking({ consumerMs: 1_000 }, (in$) => concat(in$, NEVER))
    ended.wire.fin()
    expect(await ended.wait(60_000)).toBe(null)
    ended.connection.abort()
    const lingering = talking({ consumerMs: 1_000, lingerMs: 10_000 }, () => of('goodbye'))
    expect(await lingering.wait(9_990)).toBe(null)
    expect(await lingering.wait(20)).toBe('linger 10000')
  })
})
