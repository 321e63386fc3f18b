import type { LeakWatch } from '@sluice/testing'
import { showLeak, watchLeaks } from '@sluice/testing'
import { afterEach, beforeEach, expect } from 'vitest'

let undone: (() => void)[] = []

/** Remembers what a test has to give back when it is over. */
export const afterwards = (giveBack: () => void): void => {
  undone.push(giveBack)
}

/** Gives back what was remembered, the latest first; a test of many cases does so after each. */
export const giveBack = (): void => {
  const now = undone.reverse()
  undone = []
  for (const one of now) one()
}

/** Every test of the file gives back all its sockets, descriptors and timers (O3). */
export const nothingLeft = (): void => {
  let watch: LeakWatch | null = null
  beforeEach(() => {
    watch = watchLeaks({ patienceMs: PATIENCE_MS })
  })
  afterEach(async () => {
    giveBack()
    const leaks = (await watch?.leaks()) ?? []
    expect(leaks.map(showLeak)).toEqual([])
  })
}

/** Less than a test may take, so that it fails saying what is left. */
const PATIENCE_MS = 20_000
