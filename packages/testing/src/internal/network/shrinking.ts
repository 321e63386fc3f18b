import type { PlannedFault } from '../../network/fault.ts'
import type { SimulationFailed } from '../../network/simulationFailed.ts'

/** Plays a schedule; answers how it failed, if it did. */
export type Replay = (faults: readonly PlannedFault[]) => Promise<SimulationFailed | null>

/**
 * Looks for fewer faults, and then for shorter ones, under which the same thing goes wrong.
 *
 * ```
 *  without a half · without a quarter · … · without one ──▶ each half as long ──▶ nothing is smaller
 * ```
 */
export const shrink = async (
  first: SimulationFailed,
  plan: readonly PlannedFault[],
  most: number,
  replay: Replay,
): Promise<SimulationFailed> => {
  let [failure, faults, left] = [first, plan, most]
  const smaller = async (candidate: readonly PlannedFault[]): Promise<boolean> => {
    if (left-- <= 0) return false
    const found = await replay(candidate)
    if (found?.title !== failure.title) return false
    failure = found
    faults = candidate
    return true
  }
  for (let size = faults.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < faults.length;) {
      const without = faults.filter((_, i) => i < at || i >= at + size)
      if (!(await smaller(without))) at += size
    }
  }
  for (let i = 0; i < faults.length; i++) {
    for (let again = true; again;) {
      const candidate = faults.map((fault, j) => (i === j ? { ...fault, forMs: Math.floor(fault.forMs / 2) } : fault))
      again = (faults[i]?.forMs ?? 0) > 0 && (await smaller(candidate))
    }
  }
  return failure
}
