import { describe, expect, it } from 'vitest'
import type { Gate } from '../src/index.ts'
import { createGate, currentGate } from '../src/index.ts'

/** A gate, and what its source is told. */
const gated = (): { readonly gate: Gate; readonly told: string[] } => {
  const told: string[] = []
  const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
  return { gate, told }
}

const one = {}

describe('what is parked at a gate', () => {
  it('goes on when the gate opens, in its order and in the gate, before the source does [R3]', () => {
    const { gate, told } = gated()
    gate.hold(one)
    for (const name of ['sink', 'middle', 'source']) {
      gate.park(() => {
        expect(currentGate()).toBe(gate)
        told.push(name)
      })
    }
    gate.release(one)
    expect(told).toEqual(['pause', 'sink', 'middle', 'source', 'resume'])
  })

  it('stops in the middle when it is held again, and who parked again comes first [R3]', () => {
    const { gate, told } = gated()
    let left = 3
    const goOn = (): void => {
      told.push(`near ${String(left)}`)
      if (--left === 0) return
      gate.hold(one)
      gate.park(goOn)
    }
    gate.hold(one)
    gate.park(goOn)
    gate.park(() => told.push('far'))
    gate.release(one)
    expect(told).toEqual(['pause', 'near 3'])
    gate.release(one)
    gate.release(one)
    expect(told).toEqual(['pause', 'near 3', 'near 2', 'near 1', 'far', 'resume'])
  })

  it('goes on at the end of the dispatch in which the hold came and went [R3]', () => {
    const { gate, told } = gated()
    gate.run(() => {
      gate.hold(one)
      gate.park(() => told.push('parked'))
      gate.release(one)
      expect(told).toEqual([])
    })
    expect(told).toEqual(['parked'])
  })

  it('keeps the source waiting while parking goes on [R3]', () => {
    const { gate, told } = gated()
    let times = 3
    const goOn = (): void => {
      told.push('step')
      if (--times > 0) gate.park(goOn)
    }
    gate.hold(one)
    gate.park(goOn)
    gate.release(one)
    expect(told).toEqual(['pause', 'step', 'step', 'step', 'resume'])
  })
})
