/** So many at once, and the others in the order they came. */
export class Slots {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(most: number) {
    this.#free = most
  }

  /** Whether there was one: it is taken. */
  take(): boolean {
    if (this.#free === 0) return false
    this.#free--
    return true
  }

  /** Takes one, now or later. */
  async wait(): Promise<void> {
    if (this.take()) return
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Gives one back, to who has waited longest. */
  give(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
