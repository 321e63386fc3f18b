import type { Chance } from './chance.ts'
import type { Task, VirtualTime } from './virtualTime.ts'

/** When a simulation begins: 2026-01-01, for who asks for the date. */
const EPOCH = Date.UTC(2026, 0, 1)
/** Node's least wait. */
const LEAST_MS = 1

/** What is replaced. */
const NAMES = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const

/** A timer as Node's are, as far as anybody looks. */
class VirtualTimer {
  readonly #time: VirtualTime
  readonly #run: () => void
  readonly #delay: number
  readonly #again: boolean
  #task: Task | null = null

  constructor(time: VirtualTime, delay: number, again: boolean, run: () => void) {
    this.#time = time
    this.#run = run
    this.#delay = delay
    this.#again = again
    this.refresh()
  }

  refresh(): this {
    this.close()
    this.#task = this.#time.after(this.#delay, () => {
      this.#task = null
      if (this.#again) this.refresh()
      this.#run()
    })
    return this
  }

  close(): this {
    if (this.#task !== null) this.#task.run = null
    this.#task = null
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }
}

type Run = (...args: readonly unknown[]) => void

/**
 * Puts virtual time and seeded chance in the place of the process's own: timers, immediates, `Date.now`,
 * `performance.now` and `Math.random`. What is not wired to a scheduler, RxJS's own timers included, is simulated
 * all the same. The answer takes them back.
 */
export const replaceGlobals = (time: VirtualTime, chance: Chance): (() => void) => {
  const before = NAMES.map((name) => [name, Reflect.get(globalThis, name) as unknown] as const)
  const [random, dateNow, performanceNow] = [Math.random, Date.now, performance.now.bind(performance)]
  const timer =
    (again: boolean, least: number) =>
    (run: Run, delay = 0, ...args: readonly unknown[]): VirtualTimer =>
      new VirtualTimer(time, Math.max(least, Number(delay) || 0), again, () => {
        run(...args)
      })
  const immediate = timer(false, 0)
  const clear = (given: unknown): void => {
    if (given instanceof VirtualTimer) given.close()
  }
  const replaced: Record<(typeof NAMES)[number], unknown> = {
    setTimeout: timer(false, LEAST_MS),
    clearTimeout: clear,
    setInterval: timer(true, LEAST_MS),
    clearInterval: clear,
    setImmediate: (run: Run, ...args: readonly unknown[]) => immediate(run, 0, ...args),
    clearImmediate: clear,
  }
  for (const name of NAMES) Reflect.set(globalThis, name, replaced[name])
  Math.random = chance.next
  Date.now = () => EPOCH + Math.floor(time.now())
  performance.now = time.now
  return () => {
    for (const [name, value] of before) Reflect.set(globalThis, name, value)
    Math.random = random
    Date.now = dateNow
    performance.now = performanceNow
  }
}
