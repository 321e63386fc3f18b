import type { Decoding } from './reader.ts'

/**
 * One decoder gives way to another, in the middle of a chunk perhaps: nothing moves until the old one has given back
 * what it did not use, and the new one has whom it decodes for, if anybody. Such changes may lie within one another.
 */
export class Succession {
  #undone = 0
  #leaving: Decoding | null = null

  /** Whether everything is done. */
  get over(): boolean {
    return this.#undone === 0
  }

  /** Bytes the old decoder still has. */
  get undecodedBytes(): number {
    return this.#leaving?.undecodedBytes ?? 0
  }

  begin(leaving: Decoding | null): void {
    this.#undone += leaving === null ? 1 : 2
    this.#leaving = leaving
  }

  gaveBack(): void {
    this.#leaving = null
    this.#undone--
  }

  settled(): void {
    this.#undone--
  }
}
