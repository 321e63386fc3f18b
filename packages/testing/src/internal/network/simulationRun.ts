import type { PlannedFault } from '../../network/fault.ts'
import type { SimulateOptions } from '../../network/simulateOptions.ts'
import type { Scenario, Simulation } from '../../network/simulation.ts'
import { SimulationFailed } from '../../network/simulationFailed.ts'
import type { SimulationReport } from '../../network/simulationReport.ts'
import { Chance } from './chance.ts'
import { drive } from './driver.ts'
import { replaceGlobals } from './globalClock.ts'
import { World } from './world.ts'

/** Something that must be so. */
interface Claim {
  readonly title: string
  readonly holds: () => boolean
}

/** What is closed needs this long at most to be gone. */
const CLOSING_MS = 200_000
const LOOK_MS = 100
const RECOVER_MS = 300_000

let running = false

/** One simulation, from the beginning to the end. */
export class SimulationRun {
  readonly #options: SimulateOptions & { readonly seed: number }
  readonly #faults: readonly PlannedFault[]
  readonly #world: World
  readonly #always: Claim[] = []
  readonly #eventually: Claim[] = []
  readonly #ends = new Set<() => void>()
  #failure: { readonly title: string; readonly cause?: unknown } | null = null

  constructor(options: SimulateOptions & { readonly seed: number }, faults: readonly PlannedFault[]) {
    this.#options = options
    this.#faults = faults
    const { seed, network, logLines } = options
    this.#world = new World('simulate()', { ...network, seed, ...(logLines === undefined ? {} : { logLines }) })
    for (const host of options.hosts) this.#world.host(host)
  }

  async run(scenario: Scenario): Promise<SimulationReport> {
    if (running) throw this.#failed('another simulation is running in this process')
    running = true
    const { time } = this.#world.fabric
    const chance = new Chance(this.#options.seed ^ 0xc4a7ce)
    const restore = replaceGlobals(time, chance.fork())
    try {
      await this.#play(scenario, chance)
    } catch (error) {
      this.#failure ??= { title: `something was thrown: ${String(error)}`, cause: error }
    } finally {
      if (this.#failure !== null) this.#world.stop()
      restore()
      running = false
    }
    if (this.#failure !== null) throw this.#failed(this.#failure.title, this.#failure.cause)
    return this.#report()
  }

  async #play(scenario: Scenario, chance: Chance): Promise<void> {
    const { durationMs, mode, recoverMs = RECOVER_MS } = this.#options
    const { time } = this.#world.fabric
    this.#plan()
    time.after(0, () => {
      this.#begin(scenario, chance)
    })
    this.#look()
    await this.#until(durationMs)
    for (const end of [...this.#ends]) end()
    if (mode === 'liveness') await this.#recover(durationMs + recoverMs)
    this.#check(this.#always)
    if (this.#failure === null) await this.#wind()
  }

  #begin(scenario: Scenario, chance: Chance): void {
    const { time, journal } = this.#world.fabric
    const simulation: Simulation = {
      seed: this.#options.seed,
      scheduler: time,
      host: (name) => this.#world.host(name),
      random: chance.next,
      always: (title, holds) => void this.#always.push({ title, holds }),
      eventually: (title, holds) => void this.#eventually.push({ title, holds }),
      fail: (title) => {
        this.#failure ??= { title }
      },
      note: (text) => {
        journal.note(time.now(), '', text)
      },
    }
    Promise.resolve(scenario(simulation)).catch((cause: unknown) => {
      this.#failure ??= { title: `the scenario has failed: ${String(cause)}`, cause }
    })
  }

  /** Every fault has its time; what has begun is ended at the end at the latest. */
  #plan(): void {
    const { time } = this.#world.fabric
    for (const { atMs, forMs, fault } of this.#faults) {
      time.after(atMs, () => {
        const inject = this.#world.inject(fault)
        const end = (): void => {
          this.#ends.delete(end)
          inject()
        }
        this.#ends.add(end)
        time.after(forMs, end)
      })
    }
  }

  #look(): void {
    const { lookMs = LOOK_MS } = this.#options
    const { time } = this.#world.fabric
    const look = (): void => {
      if (this.#looking) time.after(lookMs, look)
      this.#check(this.#always)
    }
    time.after(lookMs, look)
  }

  #looking = true

  #check(claims: readonly Claim[]): void {
    for (const { title, holds } of claims) if (this.#failure === null && !holds()) this.#failure = { title }
  }

  async #recover(until: number): Promise<void> {
    const { time } = this.#world.fabric
    while (this.#failure === null && !this.#eventually.every(({ holds }) => holds())) {
      if (time.now() >= until) this.#check(this.#eventually)
      else await this.#until(Math.min(until, time.now() + 1_000))
    }
  }

  /** Every program ends; of what they have opened nothing may stay. */
  async #wind(): Promise<void> {
    this.#looking = false
    const { time } = this.#world.fabric
    this.#world.stop()
    await this.#until(time.now() + CLOSING_MS)
    const [left] = this.#world.openSockets
    if (left !== undefined) this.#failure ??= { title: `a socket is left when all programs have ended: ${left}` }
  }

  async #until(at: number): Promise<void> {
    await drive(this.#world.fabric.time, () => (this.#failure === null ? at : -1), true)
  }

  #report(): SimulationReport {
    const { time, journal } = this.#world.fabric
    return {
      seed: this.#options.seed,
      virtualMs: time.now(),
      tasks: time.done,
      faults: this.#faults,
      log: journal.lines,
      digest: journal.digest,
      pendingTasks: time.pending,
    }
  }

  #failed(title: string, cause?: unknown): SimulationFailed {
    const { time, journal } = this.#world.fabric
    const { seed, mode = 'safety' } = this.#options
    return new SimulationFailed({
      title,
      seed,
      mode,
      atMs: time.now(),
      faults: this.#faults,
      log: journal.lines,
      cause,
    })
  }
}
