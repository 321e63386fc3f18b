import type { Outlet } from '../../src/writer.ts'

/**
 * A socket as the writer sees it, with a peer that takes as many bytes as it is told to: bytes are copied when they
 * are taken, not before, so that memory used again too early shows.
 */
export class Kernel implements Outlet {
  copies = true
  readonly #taken: Buffer[] = []
  /** What was written since it does not copy any more: kept, and not told of. */
  readonly #kept: Uint8Array[] = []
  #waiting: Uint8Array[] = []
  #room = 0
  /** Told when all that was written is taken, and was not at once. */
  drained: () => void = () => undefined

  get queuedBytes(): number {
    return this.#waiting.reduce((sum, part) => sum + part.length, 0)
  }

  write(parts: readonly Uint8Array[]): void {
    if (!this.copies) {
      this.#kept.push(...parts)
      return
    }
    this.#waiting.push(...parts)
    this.#take()
  }

  /** The peer reads so many bytes more. */
  take(bytes: number): void {
    const waited = this.#waiting.length !== 0
    this.#room += bytes
    this.#take()
    if (waited && this.#waiting.length === 0) this.drained()
  }

  /** All the peer has read. */
  get bytes(): Buffer {
    return Buffer.concat([...this.#taken, ...this.#kept])
  }

  #take(): void {
    for (let part = this.#waiting[0]; part !== undefined && this.#room > 0; part = this.#waiting[0]) {
      const now = part.subarray(0, this.#room)
      this.#taken.push(Buffer.from(now))
      this.#room -= now.length
      if (now.length === part.length) this.#waiting.shift()
      else this.#waiting[0] = part.subarray(now.length)
    }
    // what the peer had room for while there was nothing is no promise for later
    if (this.#waiting.length === 0) this.#room = Math.min(this.#room, 100_000)
  }
}
