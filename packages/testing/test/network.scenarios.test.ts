import { describe, expect, it } from 'vitest'
import { explore } from '@sluice/testing'
import { SCENARIOS } from './simulations/scenarios.ts'

const SEEDS = 5

describe.each(SCENARIOS)('$name', ({ scenario, options }) => {
  it.each(['safety', 'liveness'] as const)('holds under any faults: %s', async (mode) => {
    const { seeds, faults } = await explore(scenario, { ...options, mode, seeds: SEEDS })
    expect(seeds).toBe(SEEDS)
    expect(faults).toBeGreaterThan(SEEDS)
  })
})
