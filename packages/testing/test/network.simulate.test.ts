import { describe, expect, it } from 'vitest'
import { serve, speak } from '@sluice/net'
import { lines } from '@sluice/protocol'
import { interval, map, repeat, retry, timer } from 'rxjs'
import type { Scenario } from '@sluice/testing'
import { explore, simulate, SimulationFailed } from '@sluice/testing'

const HOSTS = ['server', 'a', 'b']

/** Two clients who say something every second, and come back when they are lost. */
const chatting =
  (heard: Map<string, number>): Scenario =>
  ({ host, always, eventually, random }) => {
    const upper = serve(lines(), map((line: string) => line.toUpperCase())) // prettier-ignore
    host('server').run(() => host('server').listen({ port: 7000 }).pipe(upper).subscribe())
    for (const name of ['a', 'b']) {
      host(name).run(() => {
        const talk = speak(lines(), (in$) => {
          in$.subscribe({ next: () => heard.set(name, (heard.get(name) ?? 0) + 1), error: () => undefined })
          return interval(500 + random() * 1_000).pipe(map((n) => `${name} ${String(n)}`))
        })
        const wait = { delay: () => timer(1_000) }
        const to = { host: 'server', port: 7000, silenceMs: 20_000 }
        return host(name).connect(to).pipe(talk, repeat(wait), retry(wait)).subscribe()
      })
    }
    always('an answer is counted', () => [...heard.values()].every((n) => n > 0))
    eventually('both hear something', () => heard.size === 2)
  }

const play = (seed: number, mode: 'safety' | 'liveness' = 'liveness') =>
  simulate({ seed, hosts: HOSTS, durationMs: 60_000, faults: true, mode }, chatting(new Map()))

describe('a simulation', () => {
  it('is the same for the same seed, event for event and byte for byte', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const [one, other] = [await play(seed), await play(seed)]
      expect(one.log.length).toBeGreaterThan(10)
      expect(other.log).toEqual(one.log)
      expect({ ...other, log: [] }).toEqual({ ...one, log: [] })
    }
  })

  it('is another one for another seed', async () => {
    const digests = [await play(1), await play(2), await play(3)].map(({ digest }) => digest)
    expect(new Set(digests).size).toBe(3)
  })

  it('passes time without waiting for it, and gives time and chance back', async () => {
    const [now, random, later] = [Date.now, Math.random, setTimeout]
    const began = performance.now()
    let heard = 0
    const { virtualMs } = await simulate({ hosts: ['a'], durationMs: 24 * 3_600_000 }, async () => {
      expect(new Date(Date.now()).toISOString()).toBe('2026-01-01T00:00:00.000Z')
      await new Promise((resolve) => setTimeout(resolve, 3_600_000))
      heard = performance.now()
    })
    expect(heard).toBe(3_600_000)
    expect(virtualMs).toBeGreaterThanOrEqual(24 * 3_600_000)
    expect([Date.now, Math.random, setTimeout]).toEqual([now, random, later])
    expect(performance.now() - began).toBeLessThan(3_600_000)
  })

  it('leaves no timer behind when all is over [R14]', async () => {
    const { pendingTasks } = await simulate({ hosts: HOSTS, durationMs: 10_000 }, chatting(new Map()))
    expect(pendingTasks).toBe(0)
  })
})

describe('a simulation that fails', () => {
  const failing: Scenario = ({ host, fail, scheduler }) => {
    host('a').run(() => () => {
      if (scheduler.now() < 60_000) fail('a has ended')
    })
  }

  it('says what, under which faults, and how to have it again', async () => {
    const options = { seed: 4, hosts: HOSTS, durationMs: 60_000, faults: { kinds: ['Kill'], mortal: ['a'] } } as const
    const failed: unknown = await simulate(options, failing).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(SimulationFailed)
    if (!(failed instanceof SimulationFailed)) return
    expect(failed).toMatchObject({ _tag: 'SimulationFailed', title: 'a has ended', seed: 4, mode: 'safety' })
    expect(failed.message).toMatch(/faults\n.*Kill a/)
    expect(failed.message).toMatch(/repeat it with \{ seed: 4, mode: 'safety', faults: \[\{"atMs"/)
    const again: unknown = await simulate({ ...options, faults: failed.faults }, failing).catch(
      (error: unknown) => error,
    )
    expect(again).toMatchObject({ title: failed.title, atMs: failed.atMs, log: failed.log })
  })

  it('tells of what is thrown in a timer, of an invariant, and of what never comes', async () => {
    const options = { hosts: ['a'], durationMs: 1_000, mode: 'liveness' } as const
    const thrown = simulate(options, () => {
      setTimeout(() => {
        throw new Error('oh')
      }, 500)
    })
    await expect(thrown).rejects.toMatchObject({ title: 'something was thrown: Error: oh', atMs: 500 })
    const broken = simulate(options, ({ always, scheduler }) => {
      always('it is early', () => scheduler.now() < 500)
    })
    await expect(broken).rejects.toMatchObject({ title: 'it is early', atMs: 500 })
    const missing = simulate(options, ({ eventually }) => {
      eventually('it rains', () => false)
    })
    await expect(missing).rejects.toMatchObject({ title: 'it rains', atMs: 301_000 })
  })

  it('finds the seed, and the one fault of many that matters', async () => {
    const faults = { everyMs: 2_000, mortal: ['a'] }
    const found = explore(failing, { seeds: 50, hosts: HOSTS, durationMs: 60_000, faults })
    const failed: unknown = await found.catch((error: unknown) => error)
    expect(failed).toMatchObject({ title: 'a has ended', faults: [{ forMs: 0, fault: { host: 'a' } }] })
  })
})
