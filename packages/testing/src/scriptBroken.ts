import type { Departure } from './departure.ts'
import { drawScript } from './internal/script/drawScript.ts'
import type { Step } from './script.ts'

/**
 * The other side left the script of a scripted peer. The message is the script, and where:
 *
 * ```
 *  the script was left at step 2 of 3
 *
 *  ✓ write "220 hi\r\n"
 *  ✗ read  "EHLO x\r\n"
 *    got   "HELO x\r\n"
 *           ^
 *    end
 * ```
 */
export class ScriptBroken extends Error {
  readonly _tag = 'ScriptBroken'
  readonly steps: readonly Step[]
  /** The step it was at, from 0; as many as there are steps: behind the last. */
  readonly at: number
  readonly departure: Departure

  constructor(steps: readonly Step[], at: number, departure: Departure) {
    super(drawScript(steps, at, departure), departure._tag === 'Failed' ? { cause: departure.error } : undefined)
    this.name = 'ScriptBroken'
    this.steps = steps
    this.at = at
    this.departure = departure
  }
}
