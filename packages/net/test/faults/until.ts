import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'

const LIMIT_MS = 30_000

/** Waits until the condition holds, also where another process brings it about; fails, saying what was awaited. */
export const until = async (what: string, holds: () => boolean, limitMs = LIMIT_MS): Promise<void> => {
  const latest = performance.now() + limitMs
  for (let turns = 0; !holds(); turns++) {
    if (performance.now() > latest) throw new Error(`never came: ${what}`)
    if (turns < 1_000) await turn()
    else await sleep(2)
  }
}
