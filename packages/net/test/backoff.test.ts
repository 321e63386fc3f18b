import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BackoffOptions } from '../src/index.ts'
import { TlsFailed } from '../src/errors.ts'
import { backoff, ConnectFailed, ConnectionLost } from '../src/index.ts'

const numbers: fc.Arbitrary<Required<Pick<BackoffOptions, 'initialMs' | 'maxMs' | 'factor' | 'jitter'>>> = fc.record({
  initialMs: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
  maxMs: fc.double({ min: 10, max: 1e7, noNaN: true }),
  factor: fc.double({ min: 1, max: 1e6, noNaN: true }),
  jitter: fc.constantFrom('full', 'equal', 'none'),
})
const attempts = fc.integer({ min: 1, max: 1e6 })
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('backoff', () => {
  it('never waits less than minMs, nor more than the ceiling, whatever chance says', () => {
    const property = fc.property(numbers, attempts, chance, (options, attempt, drawn) => {
      const policy = backoff({ ...options, random: () => drawn })
      const ceilingMs = policy.ceilingMs(attempt)
      expect(ceilingMs).toBeLessThanOrEqual(options.maxMs)
      const delayMs = policy.delayMs(attempt)
      expect(delayMs).toBeGreaterThanOrEqual(10)
      expect(delayMs).toBeLessThanOrEqual(Math.max(10, ceilingMs))
    })
    fc.assert(property)
  })

  it('lets the ceiling grow by the factor, from initialMs up to maxMs, and stay there', () => {
    const property = fc.property(numbers, fc.integer({ min: 1, max: 50 }), (options, attempt) => {
      const { ceilingMs } = backoff(options)
      expect(ceilingMs(1)).toBe(Math.min(options.initialMs, options.maxMs))
      expect(ceilingMs(attempt + 1)).toBeGreaterThanOrEqual(ceilingMs(attempt))
      if (options.factor >= 1.001) expect(ceilingMs(1e6)).toBe(options.maxMs)
    })
    fc.assert(property)
  })

  it('spreads the waits as the jitter says', () => {
    const delays = (jitter: 'full' | 'equal' | 'none'): number[] =>
      [0, 0.5, 0.75].map((drawn) => backoff({ initialMs: 400, minMs: 0, jitter, random: () => drawn }).delayMs(2))
    expect(delays('full')).toEqual([0, 400, 600])
    expect(delays('equal')).toEqual([400, 600, 700])
    expect(delays('none')).toEqual([800, 800, 800])
  })

  it('draws anew for each wait', () => {
    const drawn = [0.1, 0.2]
    const { delayMs } = backoff({ initialMs: 1_000, random: () => drawn.shift() ?? 0 })
    expect([delayMs(1), delayMs(1), delayMs(1)]).toEqual([100, 200, 10])
  })

  it('has defaults that end no attempt and wait at least a moment', () => {
    const { attempts, resetAfterMs, ceilingMs, delayMs } = backoff()
    expect([attempts, resetAfterMs]).toEqual([Infinity, 10_000])
    expect([1, 2, 6, 7].map(ceilingMs)).toEqual([2_000, 4_000, 30_000, 30_000])
    expect(delayMs(1)).toBeGreaterThanOrEqual(10)
  })

  it('retries what may be better next time, by default, and nothing else', () => {
    const { retryIf } = backoff()
    const certificate = new TlsFailed('certificate', 'CERT_HAS_EXPIRED', 'expired')
    const retried = [
      new ConnectFailed('a:1', 'ECONNREFUSED', 'refused'),
      new ConnectFailed('a:1', 'TIMEOUT', 'no answer'),
      new ConnectionLost({ _tag: 'Reset', error: new Error('reset') }),
      new ConnectionLost({ _tag: 'TimedOut', clock: 'heartbeat', afterMs: 1 }),
      new TlsFailed('timeout', 'TIMEOUT', 'not done'),
    ]
    const given = [
      new ConnectFailed('a:1', 'ABORTED', 'the signal was aborted'),
      certificate,
      new ConnectionLost({ _tag: 'TlsFailed', error: certificate }),
      new ConnectFailed('a:1', 'TLS', 'no TLS', certificate),
      new TypeError('a bug'),
      'a string',
      undefined,
    ]
    expect(retried.filter((error) => !retryIf(error))).toEqual([])
    expect(given.filter(retryIf)).toEqual([])
  })

  it('refuses what cannot work [R16][R27]', () => {
    const wrong: readonly BackoffOptions[] = [
      { initialMs: 0 },
      { initialMs: NaN },
      { initialMs: Infinity },
      { maxMs: 0 },
      { maxMs: 2 ** 31 },
      { minMs: -1 },
      { minMs: 20, maxMs: 10 },
      { factor: 0.5 },
      { attempts: -1 },
      { attempts: 0.5 },
      { resetAfterMs: -1 },
      { jitter: 'some' as never },
    ]
    for (const options of wrong) expect(() => backoff(options)).toThrow('backoff(): ')
    expect(() => backoff({ attempts: 0, resetAfterMs: Infinity, minMs: 0, maxMs: 1 })).not.toThrow()
  })
})
