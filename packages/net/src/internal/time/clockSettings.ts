import { WrongOption } from '@sluice/protocol'
import type { Clocks, WatchedClock } from '../../clocks.ts'
import { timeOption } from '../options.ts'

/** {@link Clocks}, checked and complete. */
export interface ClockSettings {
  readonly silenceMs: number
  readonly frameMs: number
  readonly writeProgressMs: number
  readonly halfClosedMs: number
  readonly lingerMs: number
  readonly consumerMs: number
  /** The clock `consumer` of a connection that nobody ever used. */
  readonly unusedMs: number
  readonly probeMs: number
  /** The clocks that only tell. */
  readonly telling: ReadonlySet<WatchedClock>
}

const DEFAULTS: ClockSettings = {
  silenceMs: Infinity,
  frameMs: 30_000,
  writeProgressMs: 30_000,
  halfClosedMs: 30_000,
  lingerMs: 5_000,
  consumerMs: Infinity,
  unusedMs: 60_000,
  probeMs: 10_000,
  telling: new Set(),
}

const CLOCKS: readonly WatchedClock[] = ['silence', 'frame', 'writeProgress', 'halfClosed', 'linger', 'consumer']
const TIMES = [...CLOCKS, 'probe'] as const

type Mutable<A> = { -readonly [K in keyof A]: A[K] }

/**
 * Clocks that were checked once, and are then set on any number of connections: those that had the same settings
 * before share the new ones.
 */
export class ClockChange {
  /** The clocks it names. */
  readonly named: readonly WatchedClock[]
  readonly #times: Partial<Mutable<ClockSettings>> = {}
  readonly #onExpiry: NonNullable<Clocks['onExpiry']>
  #before: ClockSettings | null = null
  #after: ClockSettings = DEFAULTS

  constructor(where: string, clocks: Clocks) {
    for (const clock of TIMES) {
      const given = clocks[`${clock}Ms`]
      if (given !== undefined) this.#times[`${clock}Ms`] = timeOption(where, `${clock}Ms`, given, given)
    }
    if (this.#times.consumerMs !== undefined) this.#times.unusedMs = Infinity
    this.named = CLOCKS.filter((clock) => this.#times[`${clock}Ms`] !== undefined)
    this.#onExpiry = checkExpiry(where, clocks.onExpiry ?? {})
  }

  /** What `before` becomes. */
  over(before: ClockSettings): ClockSettings {
    if (this.#before !== before) {
      this.#after = { ...before, ...this.#times, telling: this.#telling(before) }
      this.#before = before
    }
    return this.#after
  }

  #telling(before: ClockSettings): ReadonlySet<WatchedClock> {
    return new Set(
      CLOCKS.filter((clock) => (this.#onExpiry[clock] ?? (before.telling.has(clock) && 'event')) === 'event'),
    )
  }
}

/** The clocks of a connection from its beginning. */
export const clockSettings = (where: string, clocks: Clocks): ClockSettings =>
  new ClockChange(where, clocks).over(DEFAULTS)

const checkExpiry = (where: string, onExpiry: object): NonNullable<Clocks['onExpiry']> => {
  for (const [clock, then] of Object.entries(onExpiry) as [string, unknown][]) {
    if (!CLOCKS.some((known) => known === clock)) {
      throw new WrongOption(where, 'onExpiry', clock, `names of clocks: ${CLOCKS.join(', ')}`)
    }
    if (then !== undefined && then !== 'end' && then !== 'event') {
      throw new WrongOption(where, `onExpiry.${clock}`, then, `'end' or 'event'`)
    }
  }
  return onExpiry
}
