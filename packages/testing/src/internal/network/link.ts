import type { Chance } from './chance.ts'

/** How a road from one host to another is, when nothing is wrong with it. */
export interface LinkSettings {
  readonly latencyMs: number
  readonly jitterMs: number
  readonly bytesPerMs: number
}

/** The road from one host to another, one way. What is wrong with it may be so several times over. */
export class Link {
  readonly #settings: LinkSettings
  readonly #chance: Chance
  /** Told when it is whole again. */
  readonly #stalled = new Set<() => void>()
  #cuts = 0
  drips = 0
  extraMs = 0
  readonly #narrow: number[] = []

  constructor(settings: LinkSettings, chance: Chance) {
    this.#settings = settings
    this.#chance = chance
  }

  get passes(): boolean {
    return this.#cuts === 0
  }

  get bytesPerMs(): number {
    return this.#narrow.length === 0 ? this.#settings.bytesPerMs : Math.min(...this.#narrow)
  }

  /** How long the next one takes, by itself. */
  delay(): number {
    const { latencyMs, jitterMs } = this.#settings
    return latencyMs + this.extraMs + (jitterMs === 0 ? 0 : this.#chance.next() * jitterMs)
  }

  /** The way back takes as long as the way there usually does. */
  get usualMs(): number {
    return this.#settings.latencyMs + this.extraMs
  }

  cut(): void {
    this.#cuts++
  }

  heal(): void {
    if (--this.#cuts !== 0) return
    const stalled = [...this.#stalled]
    this.#stalled.clear()
    for (const goOn of stalled) goOn()
  }

  /** Calls once it is whole; the answer is for who does not want to know any more. */
  whenHealed(goOn: () => void): () => void {
    this.#stalled.add(goOn)
    return () => {
      this.#stalled.delete(goOn)
    }
  }

  narrow(bytesPerMs: number): () => void {
    this.#narrow.push(bytesPerMs)
    return () => {
      this.#narrow.splice(this.#narrow.indexOf(bytesPerMs), 1)
    }
  }
}
