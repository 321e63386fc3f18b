/** Chance from a seed: the same seed, the same numbers. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = mixed(seed)
  }

  /** From 0 up to, not including, 1. */
  readonly next = (): number => this.#draw() / 2 ** 32

  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least)
  }

  pick<A>(first: A, ...others: readonly A[]): A {
    return others[this.below(others.length + 1) - 1] ?? first
  }

  /** Another source, of which this one is independent from then on. */
  fork(): Chance {
    return new Chance(this.#draw())
  }

  #draw(): number {
    const state = (this.#state = (this.#state + 0x9e3779b9) | 0)
    return mixed(state)
  }
}

/** Spreads every bit of a number over all 32 (the finaliser of MurmurHash3). */
const mixed = (number: number): number => {
  let mix = number | 0
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return (mix ^ (mix >>> 16)) >>> 0
}
