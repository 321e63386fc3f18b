import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect } from 'vitest'
import { until } from './turns.ts'

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

const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'TCPConnectWrap', 'PipeWrap', 'PipeServerWrap', 'Timeout']

/** How many there are of what keeps the process alive. */
const resources = (): Record<string, number> => {
  const active = process.getActiveResourcesInfo()
  const counts = KINDS.map((kind) => [kind, active.filter((name) => name === kind).length] as const)
  const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
  return { ...Object.fromEntries(counts), descriptors }
}

/** Every test of the file gives back all its sockets, descriptors and timers (O3). */
export const nothingLeft = (): void => {
  let before: Record<string, number> = {}
  const surplus = (): Record<string, number> =>
    Object.fromEntries(Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0)))
  beforeEach(() => {
    before = resources()
  })
  afterEach(async () => {
    giveBack()
    const gone = (): boolean => Object.keys(surplus()).length === 0
    await until('all given back', gone).catch(() => undefined)
    expect(surplus()).toEqual({})
  })
}
