/** Bytes that wait, in order. Nothing is copied but what lies in two pieces. */
export class ByteFifo {
  #parts: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#parts.push(bytes)
    this.#length += bytes.length
  }

  /** The first so many, or all there are. */
  take(most: number): Buffer {
    const wanted = Math.min(most, this.#length)
    const taken: Buffer[] = []
    let missing = wanted
    while (missing > 0) {
      const first = this.#parts[0]
      if (first === undefined) break
      if (first.length <= missing) {
        taken.push(first)
        this.#parts.shift()
        missing -= first.length
      } else {
        taken.push(first.subarray(0, missing))
        this.#parts[0] = first.subarray(missing)
        missing = 0
      }
    }
    this.#length -= wanted
    const [only] = taken
    return taken.length === 1 && only !== undefined ? only : Buffer.concat(taken)
  }

  clear(): void {
    this.#parts = []
    this.#length = 0
  }
}
