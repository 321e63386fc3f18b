import { enterDispatch, leaveDispatch } from './internal/dispatch.ts'

/**
 * The demand of one source. A sink that is full holds the gate of whatever source is feeding it now;
 * the source emits nothing more until every hold is released (R3).
 *
 * ```
 *  source ──▶ map ──▶ filter ──▶ sink
 *    ▲                            │ full: currentGate()?.hold(sink)
 *    └───── goes on when every hold is released ◀── sink drained: gate.release(sink)
 * ```
 *
 * RxJS dispatches synchronously, so while a source is inside its `next`, {@link currentGate} is its
 * gate, however many operators stand between.
 */
export interface Gate {
  /** Whether anybody holds it. */
  readonly held: boolean
  /** Holds it on behalf of `holder`. Again by the same one: still one hold. */
  hold(holder: object): void
  /** Takes the hold of `holder` back, if there is one; the last one lets the source go on, at once. */
  release(holder: object): void
  /**
   * Runs `f` with this gate current: for operators that emit later what this source gave them. What
   * is written in `f` is joined as in any dispatch.
   */
  run(f: () => void): void
  /**
   * For an operator that stopped in the middle of what it was given: `goOn` is run in this gate, before
   * the source emits anything new, when the gate opens.
   */
  park(goOn: () => void): void
}

let current: SourceGate | null = null

const swapCurrent = (next: SourceGate | null): SourceGate | null => {
  const outer = current
  current = next
  return outer
}

/** The gate of the source whose dispatch is under way, or `null` (a timer, a promise, the program itself). */
export const currentGate = (): Gate | null => current

/** What a gate moves: the source is told when it may emit again, and when it may not. */
export interface Gated {
  /** A hold came outside of a dispatch, or stands at the end of one. */
  pause(): void
  /** Every hold is released and nothing is parked any more. */
  resume(): void
}

/** A gate for a source of your own: emit inside {@link Gate.run}, and obey `source`. */
export const createGate = (source: Gated): Gate => new SourceGate(source)

export class SourceGate implements Gate {
  readonly #source: Gated
  readonly #holders = new Set<object>()
  #parked: (() => void)[] = []
  /** How many dispatches of this gate are on the stack. */
  #depth = 0
  #opening = false
  /** Whether the source was told to pause and not yet to resume. */
  #paused = false

  constructor(source: Gated) {
    this.#source = source
  }

  get held(): boolean {
    return this.#holders.size !== 0
  }

  /** Whether the source, or an operator on its behalf, is emitting right now. */
  get dispatching(): boolean {
    return this.#depth !== 0
  }

  /** Whether an operator waits with messages it has not emitted yet. */
  get parked(): boolean {
    return this.#parked.length !== 0
  }

  hold(holder: object): void {
    const first = this.#holders.size === 0
    this.#holders.add(holder)
    if (first && this.#depth === 0) this.#pause()
  }

  release(holder: object): void {
    if (this.#holders.delete(holder) && this.#holders.size === 0 && this.#depth === 0) this.#open()
  }

  run(f: () => void): void {
    const outer = this.enter()
    try {
      f()
    } finally {
      this.leave(outer)
    }
  }

  park(goOn: () => void): void {
    this.#parked.push(goOn)
  }

  /** The first half of {@link run}, for sources that cannot afford a closure; answers what `leave` needs. */
  enter(): SourceGate | null {
    const outer = swapCurrent(this)
    this.#depth++
    enterDispatch()
    return outer
  }

  leave(outer: SourceGate | null): void {
    swapCurrent(outer)
    leaveDispatch()
    this.#depth--
    if (this.#depth !== 0) return
    if (this.#holders.size !== 0) this.#pause()
    else if (this.#paused || this.#parked.length !== 0) this.#open()
  }

  #pause(): void {
    if (this.#paused) return
    this.#paused = true
    this.#source.pause()
  }

  /** Lets the parked go on in their order, the one nearest to the sink first, and then the source. */
  #open(): void {
    if (this.#opening) return
    this.#opening = true
    try {
      while (this.#parked.length !== 0 && this.#holders.size === 0) this.#runParked()
    } finally {
      this.#opening = false
    }
    if (this.#holders.size !== 0 || !this.#paused) return
    this.#paused = false
    this.#source.resume()
  }

  #runParked(): void {
    const parked = this.#parked
    this.#parked = []
    let next = 0
    for (let goOn = parked[0]; goOn !== undefined && this.#holders.size === 0; goOn = parked[++next]) this.run(goOn)
    // who parked again just now is nearer to the sink than who did not get his turn
    if (next < parked.length) this.#parked.push(...parked.slice(next))
  }
}
