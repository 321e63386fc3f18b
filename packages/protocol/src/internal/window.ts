const NOTHING = new Uint8Array(0)

/**
 * The unread bytes of one stream, as one array.
 *
 * ```
 *  chunk alone       the chunk itself is the window, nothing is copied, unless the window `copies`
 *  chunk after rest  ├ rest │ chunk │ room ┤   a buffer of the window's own, grown by doubling
 * ```
 *
 * What was handed out as a view is never overwritten: bytes are only appended behind the last one,
 * and growing moves to new memory, by doubling up to `limit` bytes. So a dripped frame costs linear work, and
 * the memory is never more than the limit of a frame and one chunk.
 */
export class Window {
  #bytes: Uint8Array = NOTHING
  #start = 0
  #end = 0
  readonly #limit: number
  readonly #copies: boolean

  constructor(limit: number, copies = false) {
    this.#limit = limit
    this.#copies = copies
  }

  get length(): number {
    return this.#end - this.#start
  }

  append(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    if (this.#start === this.#end) {
      this.#bytes = this.#copies ? new Uint8Array(chunk) : chunk
      this.#start = 0
      this.#end = chunk.length
      return
    }
    // a chunk of the caller's has no room behind it, so it is never written to
    if (this.#bytes.length - this.#end < chunk.length) this.#grow(chunk.length)
    this.#bytes.set(chunk, this.#end)
    this.#end += chunk.length
  }

  /** A view of what is unread, or of the first `most` bytes of it. */
  view(most = Infinity): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#start, Math.min(this.length, most))
  }

  /** Moves past the first `count` unread bytes. */
  advance(count: number): void {
    this.#start += count
    if (this.#start === this.#end) this.clear()
  }

  clear(): void {
    this.#bytes = NOTHING
    this.#start = this.#end = 0
  }

  #grow(extra: number): void {
    const unread = this.length
    const grown = new Uint8Array(Math.max(Math.min(unread * 2, this.#limit), unread + extra))
    grown.set(this.view())
    this.#bytes = grown
    this.#start = 0
    this.#end = unread
  }
}
