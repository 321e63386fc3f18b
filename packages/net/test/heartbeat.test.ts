import type { Observable } from 'rxjs'
import { concat, ignoreElements, map, merge, NEVER, of, Subject, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ConnectionOptions, Handler, HeartbeatOptions } from '../src/index.ts'
import { heartbeat } from '../src/index.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { talking } from './support/talking.ts'

nothingLeft()

/** Hears everything and says nothing, nor ends. */
const quiet: Handler<string, string> = (in$) => concat(in$.pipe(ignoreElements()), NEVER)

/** Says what the test says, and hears everything. */
const saying =
  (out$: Observable<string>): Handler<string, string> =>
  (in$) =>
    merge(in$.pipe(ignoreElements()), out$)

/** A conversation with a heart that beats every second. `at` lets time pass up to a moment, the loop turning meanwhile. */
const beating = (
  options: Partial<HeartbeatOptions<string, string>> = {},
  handler: Handler<string, string> = quiet,
  connectionOptions: ConnectionOptions = {},
) => {
  const alive = heartbeat<string, string>({ everyMs: 1_000, ping: 'ping', ...options })
  const { wire, connection, wait, clock } = talking(connectionOptions, alive(handler))
  const at = async (ms: number): Promise<string | null> => {
    let closed = await wait(0)
    while (clock.frame < ms) closed = await wait(Math.min(250, ms - clock.frame))
    return closed
  }
  return { wire, connection, at, clock }
}

describe('heartbeat', () => {
  it('asks a peer that nothing was sent to for so long, and not before [R21]', async () => {
    const { wire, connection, at } = beating()
    await at(990)
    expect(wire.text).toBe('')
    await at(1_010)
    expect(wire.text).toBe('ping\n')
    connection.abort()
  })

  it('counts all that is sent as traffic, whoever writes it [R21]', async () => {
    const out$ = new Subject<string>()
    const { wire, connection, at } = beating({}, saying(out$))
    await at(900)
    out$.next('a')
    await at(1_800)
    connection.write(Buffer.from('b\n'))
    await at(2_790)
    expect(wire.text).toBe('a\nb\n')
    await at(2_810)
    expect(wire.text).toBe('a\nb\nping\n')
    connection.abort()
  })

  it('ends the connection when so many pings in a row brought nothing [R10][R21]', async () => {
    const { wire, at } = beating({ allowedMisses: 3, ping: (n) => `ping ${String(n)}` })
    expect(await at(3_990)).toBe(null)
    expect(wire.text).toBe('ping 0\nping 1\nping 2\n')
    expect(await at(4_020)).toBe('heartbeat 3000')
    expect(wire.text).toBe('ping 0\nping 1\nping 2\n')
  })

  it('takes a single byte for a sign of life, a whole message or not [R21]', async () => {
    const { wire, at } = beating({ allowedMisses: 1 })
    await at(1_500)
    wire.give('x')
    await at(2_500)
    wire.give('y')
    expect(await at(3_500)).toBe(null)
    expect(await at(4_100)).toBe('heartbeat 1000')
  })

  it('never takes what we send for a sign of life: once asked, the peer must answer in time [R21]', async () => {
    const out$ = new Subject<string>()
    const { wire, at } = beating({ allowedMisses: 3 }, saying(concat(of('a'), out$)))
    await at(1_010)
    expect(wire.text).toBe('a\nping\n')
    for (let ms = 1_500; ms < 4_000; ms += 500) {
      out$.next('b')
      expect(await at(ms)).toBe(null)
    }
    expect(wire.text).not.toContain('ping\nb\nping')
    expect(await at(4_020)).toBe('heartbeat 3000')
  })

  it('asks, where it is told to, also a peer that is sent to all the time and says nothing [R21]', async () => {
    const out$ = new Subject<string>()
    const { wire, at } = beating({ pingWhen: 'nothingHeard' }, saying(out$))
    let closed: string | null = null
    for (let ms = 100; ms <= 3_100; ms += 100) {
      out$.next('b')
      if (ms === 700) wire.give('x\n')
      closed = await at(ms)
    }
    expect(closed).toBe(null)
    expect(wire.text.split('\n').filter((line) => line === 'ping')).toHaveLength(2)
    expect(wire.text.indexOf('ping')).toBe(17 * 2)
    expect(await at(3_800)).toBe('heartbeat 2000')
  })

  it('hides pongs from the handler, unless it is told not to', async () => {
    for (const hidePongs of [true, false, undefined]) {
      const seen: string[] = []
      const listener: Handler<string, string> = (in$) => in$.pipe(tap((line) => seen.push(line)), ignoreElements()) // prettier-ignore
      const isPong = (line: string): boolean => line === 'pong'
      const { wire, connection, at } = beating({ isPong, ...(hidePongs === undefined ? {} : { hidePongs }) }, listener)
      wire.give('a\npong\nb\n')
      await at(1)
      expect(seen).toEqual(hidePongs === false ? ['a', 'pong', 'b'] : ['a', 'b'])
      connection.abort()
    }
  })

  it('answers for the handler what needs none', async () => {
    const answer = (line: string): string | undefined => (line.startsWith('ping') ? line.replace('i', 'o') : undefined)
    const { wire, connection, at } = beating(
      { answer },
      map((line) => line.toUpperCase()),
    )
    wire.give('a\nping 7\nb\n')
    await at(1)
    expect(wire.text).toBe('A\npong 7\nB\n')
    connection.abort()
  })

  it('does not answer any more when our side has ended [R8]', async () => {
    const { wire, connection, at } = beating({ answer: () => 'pong' })
    connection.end()
    await at(1)
    wire.give('ping\n')
    wire.fin()
    expect(await at(2)).toBe('Finished')
    expect(wire.text).toBe('')
  })

  it('makes a failure of the connection of what its functions throw [R12][R27]', async () => {
    const oh = (): never => {
      throw new Error('oh')
    }
    const throwing: Partial<HeartbeatOptions<string, string>>[] = [{ ping: oh }, { isPong: oh }, { answer: oh }]
    for (const options of throwing) {
      const { wire, at } = beating(options)
      wire.give('x\n')
      expect(await at(1_010)).toBe('HandlerFailed')
    }
  })

  it('refuses what cannot work [R16][R27]', () => {
    const wrong: readonly Partial<HeartbeatOptions<string, string>>[] = [
      { everyMs: 0 },
      { everyMs: NaN },
      { allowedMisses: 0 },
      { allowedMisses: 1.5 },
      { pingWhen: 'always' as never },
    ]
    for (const options of wrong) {
      expect(() => heartbeat({ everyMs: 1, ping: 'ping', ...options })).toThrow('heartbeat(): ')
    }
  })
})
