import { stuck, talking } from './support/talking.ts'
import { NEVER, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { mapAsync } from '../src/index.ts'
import { nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

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
    const { wire, wait, connection } = talking({ silenceMs: 1_000 }, stuck)
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
