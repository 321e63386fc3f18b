import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ListenOptions } from '../src/index.ts'
import { come, shoutingAt, told } from './support/guests.ts'
import { dial, everything, listening, peerOf } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

describe('at maxConnections', () => {
  it('who comes is refused by default, and the next is let in after a close [R24]', async () => {
    const listener = await listening({ maxConnections: 2 })
    const events = told(listener)
    shoutingAt(listener)
    const [first] = await come(listener, 2)
    expect(await everything(dial(listener))).toBe('')
    expect(events).toEqual(['Accepted', 'Accepted', 'Refused connections'])
    first?.end()
    await until('one is gone', () => listener.live === 1)
    const [third] = await come(listener, 1)
    third?.end('hello\n')
    expect(third && (await everything(third))).toBe('HELLO\n')
    expect(listener.counts).toMatchObject({ arrived: 4, accepted: 3, refused: { connections: 1 } })
  })

  it('who comes waits with atLimit wait, and is let in as soon as there is room [R24]', async () => {
    const listener = await listening({ maxConnections: 1, atLimit: 'wait' })
    shoutingAt(listener)
    const [first, second, third] = await come(listener, 3)
    second?.end('second\n')
    third?.end('third\n')
    expect([listener.live, listener.pending]).toEqual([1, 2])
    first?.end()
    expect(second && (await everything(second))).toBe('SECOND\n')
    expect(third && (await everything(third))).toBe('THIRD\n')
    expect(listener.counts).toMatchObject({ arrived: 3, accepted: 3 })
  })

  it('no more than maxUnconsumed wait [R24]', async () => {
    const listener = await listening({ maxConnections: 1, atLimit: 'wait', maxUnconsumed: 1 })
    const events = told(listener)
    shoutingAt(listener)
    await come(listener, 2)
    expect(await everything(dial(listener))).toBe('')
    expect(events).toEqual(['Accepted', 'Refused connections'])
  })

  it('who waits and goes away leaves his place to the next [R23][R24]', async () => {
    const listener = await listening({ maxConnections: 1, atLimit: 'wait', maxUnconsumed: 1, probeMs: 5 })
    const events = told(listener)
    shoutingAt(listener)
    const [, second] = await come(listener, 2)
    second?.resetAndDestroy()
    await until('gone', () => listener.pending === 0)
    await come(listener, 1)
    expect(events).toEqual(['Accepted', 'Left'])
    expect([listener.live, listener.pending]).toEqual([1, 1])
  })
})

describe('counts', () => {
  const limits: fc.Arbitrary<ListenOptions> = fc.record({
    maxConnections: fc.integer({ min: 1, max: 4 }),
    maxUnconsumed: fc.integer({ min: 1, max: 3 }),
    atLimit: fc.constantFrom('refuse', 'wait'),
    probeMs: fc.constant(5),
  })
  const steps = fc.array(fc.constantFrom('come', 'end', 'reset', 'suspend', 'resume', 'serve'), { maxLength: 25 })

  it('whoever arrived is in exactly one of them, or still here [R24]', async () => {
    await fc.assert(
      fc.asyncProperty(limits, steps, async (options, schedule) => {
        const listener = await listening(options)
        const peers = []
        let served = false
        for (const step of schedule) {
          if (step === 'come') {
            const { arrived } = listener.counts
            peers.push(await peerOf(listener))
            await until('arrived', () => listener.counts.arrived > arrived)
          } else if (step === 'end') peers.shift()?.end()
          else if (step === 'reset') peers.shift()?.resetAndDestroy()
          else if (step === 'suspend') listener.suspend()
          else if (step === 'resume') listener.resume()
          else if (!served) {
            served = true
            shoutingAt(listener)
          }
          const { arrived, accepted, refused, left } = listener.counts
          const sentAway = Object.values(refused).reduce((sum, count) => sum + count, 0)
          expect(arrived).toBe(accepted + sentAway + left + listener.pending)
          expect(listener.live).toBeLessThanOrEqual(options.maxConnections ?? 0)
          expect(listener.pending).toBeLessThanOrEqual(options.maxUnconsumed ?? 0)
        }
        giveBack()
      }),
      { numRuns: 40 },
    )
  })
})
