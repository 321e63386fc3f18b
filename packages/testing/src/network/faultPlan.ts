import { WrongOption } from '@sluice/protocol'
import { Chance } from '../internal/network/chance.ts'
import type { Fault, PlannedFault } from './fault.ts'

/** Options of {@link faultPlan}. */
export interface FaultPlanOptions {
  /** What may go wrong. Default: everything. */
  readonly kinds?: readonly (Fault['_tag'] | 'Swizzle')[]
  /** How long it is on the average from one fault to the next. Default 10,000. */
  readonly everyMs?: number
  /** How long a fault lasts on the average; twice as long at most. Default 5,000. */
  readonly lastsMs?: number
  /** Which hosts may be killed and crash. Default: all. */
  readonly mortal?: readonly string[]
}

/** Every kind of fault. `Swizzle`: the roads of one host are cut one by one, and repaired in another order. */
const FAULT_KINDS: readonly (Fault['_tag'] | 'Swizzle')[] = [
  'Partition',
  'Cut',
  'Slow',
  'Narrow',
  'Drip',
  'Reset',
  'Kill',
  'Crash',
  'Swizzle',
]

/**
 * Faults coming and going, all of it from one seed.
 *
 * ```
 *  seed ──▶ 0.9 s for 3.1 s Partition a | server · 4.2 s for 0.0 s Reset b | server · …     until durationMs
 * ```
 *
 * Throws `WrongOption` for fewer than two hosts.
 *
 * ```ts
 * import { faultPlan, showFault } from '@sluice/testing'
 *
 * const [first] = faultPlan(7, ['a', 'server'], 60_000, { kinds: ['Partition'] })
 * if (first !== undefined) console.log(showFault(first.fault)) // Partition a | server
 * ```
 */
export const faultPlan = (
  seed: number,
  hosts: readonly string[],
  durationMs: number,
  { kinds = FAULT_KINDS, everyMs = 10_000, lastsMs = 5_000, mortal = hosts }: FaultPlanOptions = {},
): readonly PlannedFault[] => {
  if (hosts.length < 2) throw new WrongOption('faultPlan()', 'hosts', hosts, 'two at least')
  const chance = new Chance(seed ^ 0x5eed)
  const plan: PlannedFault[] = []
  const [kind = 'Partition', ...otherKinds] = kinds
  for (let at = wait(chance, everyMs); at < durationMs; at += wait(chance, everyMs)) {
    const forMs = Math.round(chance.between(1, 2 * lastsMs))
    const picked = chance.pick(kind, ...otherKinds)
    const drawn = new Drawn(chance, hosts, mortal)
    if (picked === 'Swizzle') plan.push(...drawn.swizzle(Math.round(at), forMs))
    else plan.push({ atMs: Math.round(at), forMs: picked === 'Reset' ? 0 : forMs, fault: drawn.fault(picked) })
  }
  return plan.filter(({ atMs }) => atMs < durationMs).sort((one, other) => one.atMs - other.atMs)
}

/** Exponential, as waits for what comes at random are; never at once. */
const wait = (chance: Chance, meanMs: number): number => 1 - meanMs * Math.log(1 - chance.next())

/** Who is struck this time. */
class Drawn {
  readonly #chance: Chance
  readonly #hosts: readonly string[]
  readonly #mortal: readonly string[]
  readonly #between: readonly [string, string]

  constructor(chance: Chance, hosts: readonly string[], mortal: readonly string[]) {
    this.#chance = chance
    this.#hosts = hosts
    this.#mortal = mortal
    const one = chance.below(hosts.length)
    const other = (one + 1 + chance.below(hosts.length - 1)) % hosts.length
    const [first, second] = one < other ? [one, other] : [other, one]
    this.#between = [hosts[first] ?? '', hosts[second] ?? '']
  }

  fault(kind: Fault['_tag']): Fault {
    const chance = this.#chance
    const between = this.#between
    switch (kind) {
      case 'Partition':
      case 'Drip':
      case 'Reset':
        return { _tag: kind, between }
      case 'Cut':
        return chance.below(2) === 0
          ? { _tag: 'Cut', from: between[0], to: between[1] }
          : { _tag: 'Cut', from: between[1], to: between[0] }
      case 'Slow':
        return { _tag: 'Slow', between, extraMs: 1 + chance.below(2_000) }
      case 'Narrow':
        return { _tag: 'Narrow', between, bytesPerSecond: 100 + chance.below(10_000) }
      case 'Kill':
      case 'Crash':
        return { _tag: kind, host: this.#mortal[chance.below(this.#mortal.length)] ?? between[0] }
    }
  }

  /** The roads of one host, cut one by one and repaired one by one. */
  swizzle(atMs: number, forMs: number): readonly PlannedFault[] {
    const [host] = this.#between
    return this.#hosts
      .filter((other) => other !== host)
      .map((other) => {
        const begins = Math.round(this.#chance.next() * forMs)
        const lasts = forMs - begins + Math.round(this.#chance.next() * forMs)
        return { atMs: atMs + begins, forMs: lasts, fault: { _tag: 'Partition', between: [host, other] } }
      })
  }
}
