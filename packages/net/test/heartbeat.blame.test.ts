import { lines } from '@sluice/protocol'
import { concat, firstValueFrom, ignoreElements, map, merge, NEVER, of, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Handler } from '../src/index.ts'
import { heartbeat, mapAsync, speak } from '../src/index.ts'
import { everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { stuck, talking } from './support/talking.ts'
import { until } from './support/turns.ts'

nothingLeft()

const alive = heartbeat<string, string>({ everyMs: 1_000, ping: 'ping' })
const quiet: Handler<string, string> = (in$) => merge(in$.pipe(ignoreElements()), NEVER)

describe('a heart that beats does not blame the peer', () => {
  it('for the time our own consumer takes nothing [R3][R21]', async () => {
    const { wire, connection, wait } = talking({}, alive(stuck))
    wire.give('a\n')
    for (let i = 0; i < 30; i++) expect(await wait(300)).toBe(null)
    expect(wire.text).toContain('ping\nping\nping\n')
    connection.abort()
  })

  it('for that time when our consumer goes on; from the next ping on it must answer [R3][R21]', async () => {
    const go$ = new Subject<string>()
    const { wire, wait } = talking(
      {},
      alive((in$) => in$.pipe(mapAsync(1, () => concat(go$, NEVER)))),
    )
    wire.give('a\n')
    for (let i = 0; i < 30; i++) expect(await wait(300)).toBe(null)
    go$.next('b')
    let ms = 0
    for (; (await wait(100)) === null; ms += 100) expect(ms).toBeLessThan(5_000)
    expect(ms).toBeGreaterThanOrEqual(2_000)
  })

  it('while what we sent has not left: that is another clock’s [R7][R21]', async () => {
    const { wire, connection, wait } = talking({ writeProgressMs: 60_000 }, alive(quiet))
    wire.stall()
    connection.write(Buffer.from('x\n'))
    for (let i = 0; i < 30; i++) expect(await wait(300)).toBe(null)
    expect([wire.text, connection.unsentBytes]).toEqual(['x\n', 2])
    wire.drain()
    await wait(1_010)
    expect(wire.text).toBe('x\nping\n')
    connection.abort()
  })

  it('that has ended its side, whatever it is still told [R2]', async () => {
    const out$ = new Subject<string>()
    const { wire, wait, connection } = talking(
      {},
      alive(() => out$),
    )
    connection.data$.subscribe({ error: () => undefined })
    wire.fin()
    for (let i = 0; i < 30; i++) expect(await wait(300)).toBe(null)
    expect(wire.text).toBe('')
    out$.complete()
    expect(await wait(1)).toBe('Finished')
  })

  it('that hears no ping any more when our side has ended [R8]', async () => {
    const { wire, wait, connection } = talking({}, alive(quiet))
    connection.end()
    for (let i = 0; i < 30; i++) expect(await wait(300)).toBe(null)
    wire.fin()
    expect(await wait(1)).toBe('Finished')
    expect(wire.text).toBe('')
  })
})

describe('heartbeat, over a socket', () => {
  const quick = heartbeat<string, string>({
    everyMs: 5,
    ping: (n) => `ping ${String(n)}`,
    isPong: (line) => line === 'pong',
    answer: (line) => (line === 'ping' ? 'pong' : undefined),
  })
  const shout = map((line: string) => line.toUpperCase())

  it('resets a peer that says nothing [R12][R21]', async () => {
    const { connection, peer } = await pair()
    const got = everything(peer)
    const closed = await firstValueFrom(of(connection).pipe(speak(lines(), quick(shout))))
    expect(closed.cause).toEqual({ _tag: 'TimedOut', clock: 'heartbeat', afterMs: 10 })
    await expect(got).rejects.toThrow('closed before its end')
  })

  it('keeps one that answers for as long as it does, and answers its pings [R21]', async () => {
    const { connection, peer } = await pair()
    const patient = heartbeat<string, string>({ everyMs: 5, ping: 'ping', allowedMisses: 1_000, isPong: (line) => line === 'pong' }) // prettier-ignore
    const closing = firstValueFrom(of(connection).pipe(speak(lines(), patient(shout))))
    let heard = ''
    peer.on('data', (bytes: Buffer) => {
      heard += bytes.toString()
      peer.write('pong\n')
    })
    await until('ten pings', () => heard.split('\n').length > 10)
    peer.removeAllListeners('data').end('bye\n')
    peer.on('data', (bytes: Buffer) => (heard += bytes.toString()))
    expect((await closing).cause._tag).toBe('Finished')
    await everything(peer)
    expect(heard.replaceAll('ping\n', '')).toBe('BYE\n')
  })

  it('gives its timers back when it is unsubscribed [R14]', async () => {
    for (let i = 0; i < 5; i++) {
      const { connection } = await pair()
      const talking = of(connection)
        .pipe(speak(lines(), heartbeat<string, string>({ everyMs: 60_000, ping: 'ping' })(shout)))
        .subscribe()
      talking.unsubscribe()
    }
  })
})
