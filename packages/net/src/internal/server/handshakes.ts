import type { Arrival, Stage } from './arrival.ts'

/** How it went for one arrival; one of them, once. */
export interface HandshakeEvents {
  done(arrival: Arrival): void
  /** The socket is destroyed. */
  failed(error: Error): void
  /** The listener is closed; the socket is destroyed. */
  brokenOff(): void
}

/**
 * Takes arrivals through the stages, one after the other, each arrival on its own.
 *
 * ```
 *  begin ──▶ PROXY header ──▶ TLS ──▶ done
 *                └─────────────┴────▶ failed, or broken off
 * ```
 */
export class Handshakes {
  readonly #stages: readonly Stage[]
  readonly #underway = new Set<Passage>()

  constructor(stages: readonly Stage[]) {
    this.#stages = stages
  }

  /** Whether there is anything to go through. */
  get any(): boolean {
    return this.#stages.length !== 0
  }

  /** How many are under way. */
  get size(): number {
    return this.#underway.size
  }

  begin(arrival: Arrival, events: HandshakeEvents): void {
    const passage = new Passage(this.#stages, events, () => {
      this.#underway.delete(passage)
    })
    this.#underway.add(passage)
    passage.next(arrival)
  }

  breakOff(): void {
    for (const passage of [...this.#underway]) passage.breakOff()
  }
}

/** One arrival on its way through the stages. */
class Passage {
  readonly #stages: readonly Stage[]
  readonly #events: HandshakeEvents
  readonly #over: () => void
  #at = 0
  #ended = false
  #breakOff: () => void = () => undefined

  constructor(stages: readonly Stage[], events: HandshakeEvents, over: () => void) {
    this.#stages = stages
    this.#events = events
    this.#over = over
  }

  next(arrival: Arrival): void {
    const at = this.#at++
    const stage = this.#stages[at]
    if (stage === undefined) {
      this.#end(() => {
        this.#events.done(arrival)
      })
      return
    }
    const breakOff = stage(
      arrival,
      (passed) => {
        // each stage is heard once, and not after the end
        if (!this.#ended && this.#at === at + 1) this.next(passed)
      },
      (error) => {
        this.#end(() => {
          this.#events.failed(error)
        })
      },
    )
    // a stage that was done at once has given its place to the next one
    if (this.#at === at + 1) this.#breakOff = breakOff
  }

  breakOff(): void {
    this.#end(() => {
      this.#breakOff()
      this.#events.brokenOff()
    })
  }

  #end(f: () => void): void {
    if (this.#ended) return
    this.#ended = true
    this.#over()
    f()
  }
}
