import { enterDispatch, leaveDispatch } from './internal/connection/dispatch.ts'

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

/** Runs `f` with no gate current: what it emits is fed by nobody, and holds nobody who happens to call. */
export const ungated = (f: () => void): void => {
  const outer = swapCurrent(null)
  try {
    f()
  } finally {
    swapCurrent(outer)
  }
}

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
  /** Made at the first hold: most gates are never held. */
  #holders: Set<object> | null = null
  #holds = 0
  #parked: (() => void)[] | null = null
  /** How many dispatches of this gate are on the stack. */
  #depth = 0
  #opening = false
  /** How often operators that waited have gone on: a sign that somebody takes. */
  turns = 0
  /** Whether the source was told to pause and not yet to resume. */
  #paused = false

  constructor(source: Gated) {
    this.#source = source
  }

  get held(): boolean {
    return this.#holds !== 0
  }

  /** Whether the source, or an operator on its behalf, is emitting right now. */
  get dispatching(): boolean {
    return this.#depth !== 0
  }

  /** Whether an operator waits with messages it has not emitted yet. */
  get parked(): boolean {
    return this.#parked !== null
  }

  hold(holder: object): void {
    const first = this.#holds === 0
    this.#holders ??= new Set()
    this.#holds = this.#holders.add(holder).size
    if (first && this.#depth === 0) this.#pause()
  }

  release(holder: object): void {
    if (this.#holders?.delete(holder) !== true) return
    this.#holds--
    if (this.#holds === 0 && this.#depth === 0) this.#open()
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
    if (this.#parked === null) this.#parked = [goOn]
    else this.#parked.push(goOn)
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
    if (this.#holds !== 0) this.#pause()
    else if (this.#paused || this.#parked !== null) this.#open()
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
      while (this.#parked !== null && this.#holds === 0) this.#runParked(this.#parked)
    } finally {
      this.#opening = false
    }
    if (this.#holds !== 0 || !this.#paused) return
    this.#paused = false
    this.#source.resume()
  }

  #runParked(parked: readonly (() => void)[]): void {
    this.turns++
    this.#parked = null
    let next = 0
    for (let goOn = parked[0]; goOn !== undefined && this.#holds === 0; goOn = parked[++next]) this.run(goOn)
    // who parked again just now is nearer to the sink than who did not get his turn
    if (next < parked.length) this.#parked = [...(this.#parked ?? []), ...parked.slice(next)]
  }
}
