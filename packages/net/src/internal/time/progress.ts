/** How many times a wait for progress looks within its limit. */
export const LOOKS = 8

/**
 * For a wait that lasts while something makes no progress: what was seen when it was last looked at, and since when
 * that has been so. Looking costs something, so it is done a few times within the limit, and a standstill is found
 * soon after it has lasted so long.
 */
export class Progress {
  #first: number
  #second: number
  lookedAt: number
  since: number

  /** What makes progress, as two numbers that change with it. */
  constructor(first: number, second: number, now: number) {
    this.#first = first
    this.#second = second
    this.lookedAt = this.since = now
  }

  beginAnew(now: number): void {
    this.lookedAt = this.since = now
  }

  /** How long it has stood still. */
  look(first: number, second: number, now: number): number {
    if (first !== this.#first || second !== this.#second) this.since = now
    this.#first = first
    this.#second = second
    this.lookedAt = now
    return now - this.since
  }
}
