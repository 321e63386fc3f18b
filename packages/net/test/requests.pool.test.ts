import type { Subscriber } from 'rxjs'
import { lines } from '@sluice/protocol'
import { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, PoolOptions } from '../src/index.ts'
import { ConnectFailed, correlated, pipelined, pool } from '../src/index.ts'
import { arrive, settled } from './requests/farEnd.ts'
import { closing } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

const pooled = (options: PoolOptions<string, string>, mode = pipelined<string, string>()) => {
  const clock = new VirtualClock()
  const dials: Subscriber<Connection>[] = []
  const source$ = new Observable<Connection>((subscriber) => {
    dials.push(subscriber)
  })
  const client = pool(source$, lines(), mode, { scheduler: clock, ...options })
  const ask = (...texts: readonly string[]) => texts.map((text) => settled(client.request(text)))
  return { client, clock, dials, ask, arrive: (at: number) => arrive(clock, dials[at]) }
}

describe('pool', () => {
  it('opens one more connection when all are at their window, up to max', async () => {
    const { client, dials, ask, arrive } = pooled({ max: 2, window: 2 })
    ask('a', 'b')
    expect(dials.length).toBe(1)
    const first = arrive(0)
    await first.hears(2)
    ask('c', 'd', 'e')
    expect(dials.length).toBe(2)
    const second = arrive(1)
    expect(await second.hears(2)).toEqual(['c', 'd'])
    expect([client.connections, client.inFlight, client.waiting]).toEqual([2, 4, 1])
    await client.close()
  })

  it('gives a request to the connection that has the fewest in flight', async () => {
    const { client, ask, arrive } = pooled({ min: 2, max: 2, window: 10 })
    ask('a')
    const [first, second] = [arrive(0), arrive(1)]
    await first.hears(1)
    ask('b')
    await second.hears(1)
    ask('c', 'd')
    await Promise.all([first.hears(2), second.hears(2)])
    first.say('A', 'C')
    await until('the first is free', () => client.inFlight === 2)
    ask('e', 'f')
    expect(await first.hears(4)).toEqual(['a', 'c', 'e', 'f'])
    expect(second.heard).toEqual(['b', 'd'])
    await client.close()
  })

  it('ends what nobody uses for so long, and keeps the least number', async () => {
    const { client, clock, ask, arrive } = pooled({ min: 1, max: 2, window: 1, idleMs: 1_000 })
    ask('a', 'b')
    const [first, second] = [arrive(0), arrive(1)]
    await Promise.all([first.hears(1), second.hears(1)])
    clock.advance(5_000)
    expect(client.connections).toBe(2)
    first.say('A')
    second.say('B')
    await until('both are free', () => client.inFlight === 0)
    clock.advance(999)
    expect(client.connections).toBe(2)
    clock.advance(2_000)
    await until('one is ended', () => client.connections === 1)
    expect((await closing(first.connection)).cause._tag).toBe('Finished')
    clock.advance(10_000)
    expect(client.connections).toBe(1)
    await client.close()
  })

  it('asks a connection that nobody uses whether it is well, and breaks off one that is not', async () => {
    const healthCheck = { request: 'well?', isHealthy: (line: string) => line === 'yes', everyMs: 100, timeoutMs: 50 }
    for (const answer of ['no', null]) {
      const { client, clock, ask, arrive } = pooled({ healthCheck, max: 1 })
      ask('a')
      const far = arrive(0)
      await far.hears(1)
      far.say('A')
      await until('it is free', () => client.inFlight === 0)
      clock.advance(101)
      expect(await far.hears(2)).toEqual(['a', 'well?'])
      far.say('yes')
      await until('it is well', () => client.inFlight === 0)
      clock.advance(100)
      await far.hears(3)
      if (answer === null) clock.advance(60)
      else far.say(answer)
      const { cause } = await closing(far.connection)
      expect(cause).toMatchObject({ _tag: 'Aborted', reason: { _tag: 'Unhealthy' } })
      await client.close()
    }
  })

  it('fails those that wait only where nothing is open and nothing is on its way', async () => {
    const { client, dials, ask } = pooled({ max: 2, window: 1 })
    const [a, b] = ask('a', 'b')
    const refused = new ConnectFailed('x', 'ECONNREFUSED', 'refused')
    dials[0]?.error(refused)
    const far = arrive(new VirtualClock(), dials[1])
    await far.hears(1)
    far.say('A')
    await far.hears(2)
    far.say('B')
    await until('both are answered', () => b?.state !== '?')
    expect([a?.state, b?.state]).toEqual(['A', 'B'])
    await client.close()
  })

  it('has ids of its own on each connection', async () => {
    const mode = correlated<string, string, string>({ idOf: parseInt, withId: (text, id) => `${String(id)} ${text}` })
    const { client, ask, arrive } = pooled({ max: 2, window: 1 }, mode)
    const [a, b] = ask('a', 'b')
    const [first, second] = [arrive(0), arrive(1)]
    expect([await first.hears(1), await second.hears(1)]).toEqual([['1 a'], ['1 b']])
    second.say('1 B')
    first.say('1 A')
    await until('both are answered', () => a?.state !== '?' && b?.state !== '?')
    expect([a?.state, b?.state]).toEqual(['1 A', '1 B'])
    await client.close()
  })

  it('refuses options that cannot work [R27]', () => {
    const made = (options: PoolOptions<string, string>) => () => pooled(options)
    expect(made({ max: 0 })).toThrow('pool(): max')
    expect(made({ min: 3, max: 2 })).toThrow('pool(): min')
    expect(made({ idleMs: 0 })).toThrow('pool(): idleMs')
    expect(made({ window: 0 })).toThrow('pool(): window')
    expect(made({ maxWaiting: -1 })).toThrow('pool(): maxWaiting')
    expect(made({ healthCheck: { request: '', everyMs: NaN } })).toThrow('pool(): healthCheck.everyMs')
  })
})
