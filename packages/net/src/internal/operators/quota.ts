import { QueueFull } from '../../errors.ts'
import type { Gate } from '../../gate.ts'
import { currentGate } from '../../gate.ts'

/** So many at a time; the sources that bring more are held. */
export class Quota {
  readonly #name: string
  readonly #max: number
  readonly #held = new Set<Gate>()
  #count = 0

  constructor(name: string, max: number) {
    this.#name = name
    this.#max = max
  }

  /** One more; or that there is no room, and nobody to be held. */
  begin(): QueueFull | null {
    if (this.#count >= this.#max) return new QueueFull(this.#name, this.#max)
    this.#count++
    return null
  }

  /** Holds the source whose dispatch is under way, if that was the last place. */
  hold(): void {
    if (this.#count < this.#max) return
    const gate = currentGate()
    if (gate === null) return
    this.#held.add(gate)
    gate.hold(this)
  }

  /** One less. */
  end(): void {
    if (this.#count === 0) return
    this.#count--
    this.release()
  }

  /** Lets everybody go who is held. */
  readonly release = (): void => {
    const held = [...this.#held]
    this.#held.clear()
    for (const gate of held) gate.release(this)
  }
}
