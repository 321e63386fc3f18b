/** Bytes that came and that nobody has taken: those that wait, in order, and how many were dropped for good. */
export class Kept {
  #chunks: Uint8Array[] | null = null
  #dropped = 0

  get empty(): boolean {
    return this.#chunks === null
  }

  /** All of them, dropped ones included. */
  get bytes(): number {
    let bytes = this.#dropped
    if (this.#chunks !== null) for (const chunk of this.#chunks) bytes += chunk.length
    return bytes
  }

  push(chunk: Uint8Array): void {
    if (this.#chunks === null) this.#chunks = [chunk]
    else this.#chunks.push(chunk)
  }

  /** In front of those that wait. */
  putBack(chunk: Uint8Array): void {
    if (chunk.length !== 0) this.#chunks = [chunk, ...(this.#chunks ?? [])]
  }

  drop(bytes: number): void {
    this.#dropped += bytes
  }

  /** The next one that waits, if any. */
  shift(): Uint8Array | undefined {
    const chunk = this.#chunks?.shift()
    if (this.#chunks?.length === 0) this.#chunks = null
    return chunk
  }

  takeAll(): readonly Uint8Array[] {
    const chunks = this.#chunks ?? []
    this.#chunks = null
    return chunks
  }
}
