import { describe, expect, it } from 'vitest'
import type { Gate } from '../src/index.ts'
import { createGate, currentGate } from '../src/index.ts'

/** A gate, and what its source is told. */
const gated = (): { readonly gate: Gate; readonly told: string[] } => {
  const told: string[] = []
  const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
  return { gate, told }
}

const [one, two] = [{}, {}]

describe('a gate', () => {
  it('pauses its source at the first hold and lets it go on at the last release [R3]', () => {
    const { gate, told } = gated()
    gate.hold(one)
    gate.hold(two)
    gate.release(one)
    expect(told).toEqual(['pause'])
    expect(gate.held).toBe(true)
    gate.release(two)
    expect(told).toEqual(['pause', 'resume'])
    expect(gate.held).toBe(false)
  })

  it('counts one hold a holder, however often he holds [R3]', () => {
    const { gate, told } = gated()
    gate.hold(one)
    gate.hold(one)
    gate.release(one)
    expect(told).toEqual(['pause', 'resume'])
  })

  it('is not opened by who does not hold it, nor by a second release [R3]', () => {
    const { gate, told } = gated()
    gate.release(two)
    gate.hold(one)
    gate.release(two)
    expect(gate.held).toBe(true)
    gate.release(one)
    gate.release(one)
    expect(told).toEqual(['pause', 'resume'])
  })

  it('tells its source of a hold in a dispatch when the dispatch is over [R3]', () => {
    const { gate, told } = gated()
    gate.run(() => {
      gate.hold(one)
      expect(told).toEqual([])
    })
    expect(told).toEqual(['pause'])
  })

  it('tells its source nothing of a hold that is released in the same dispatch [R3]', () => {
    const { gate, told } = gated()
    gate.run(() => {
      gate.hold(one)
      gate.release(one)
    })
    expect(told).toEqual([])
  })

  it('waits for the outermost of its dispatches [R3]', () => {
    const { gate, told } = gated()
    gate.run(() => {
      gate.run(() => {
        gate.hold(one)
      })
      expect(told).toEqual([])
    })
    expect(told).toEqual(['pause'])
    gate.run(() => {
      gate.release(one)
      expect(told).toEqual(['pause'])
    })
    expect(told).toEqual(['pause', 'resume'])
  })
})

describe('the current gate', () => {
  it('is the one of the innermost dispatch, and nobody is current outside [R3]', () => {
    const [outer, inner] = [gated().gate, gated().gate]
    expect(currentGate()).toBe(null)
    outer.run(() => {
      expect(currentGate()).toBe(outer)
      inner.run(() => {
        expect(currentGate()).toBe(inner)
      })
      expect(currentGate()).toBe(outer)
    })
    expect(currentGate()).toBe(null)
  })

  it('is left again when the dispatch throws [R3]', () => {
    const { gate, told } = gated()
    const broken = (): void => {
      gate.run(() => {
        gate.hold(one)
        throw new Error('oh')
      })
    }
    expect(broken).toThrow('oh')
    expect(currentGate()).toBe(null)
    expect(told).toEqual(['pause'])
  })

  it('of a source that goes on inside the dispatch of another is its own [R3]', () => {
    const seen: (Gate | null)[] = []
    const slow = createGate({ pause: () => undefined, resume: () => slow.run(() => seen.push(currentGate())) })
    const { gate: fast } = gated()
    slow.hold(one)
    fast.run(() => {
      slow.release(one)
      seen.push(currentGate())
    })
    expect(seen).toEqual([slow, fast])
  })
})
