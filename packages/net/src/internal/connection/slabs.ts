const SLAB_BYTES = 64 * 1024
const MOST_SPARE = 8

/** Buffers that were with a socket and came back: the kernel has their bytes. Shared by all writers. */
const spare: Buffer[] = []

/**
 * The memory of one writer: what it encodes into, and what is still with its socket.
 *
 * ```
 *  spare ──take──▶ encoded into ──handOver──▶ with the socket ──giveBack──▶ spare, for any writer
 * ```
 */
export class Slabs {
  /** What is encoded into and not with the socket yet: nearly always one, if any. */
  #open: Buffer | null = null
  #closed: Buffer[] | null = null
  /** With the socket. */
  #lent: Buffer[] | null = null

  /**
   * Memory to encode into: a recycled slab where there is one, else as much as is asked for. What `waits` for a
   * slow peer gets none of them for a few bytes.
   */
  take(bytes: number, waits: boolean): Buffer {
    const recycled = bytes <= SLAB_BYTES && (!waits || bytes >= SLAB_BYTES / 4)
    const slab = (recycled ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes)
    if (this.#open !== null) (this.#closed ??= []).push(this.#open)
    this.#open = slab
    return slab
  }

  /** What was encoded goes to the socket, and `taken` says whether the kernel has all of it already. */
  handOver(taken: boolean): void {
    const open = this.#open
    if (open === null) return
    this.#open = null
    if (taken && this.#closed === null && this.#lent === null) keep(open)
    else {
      this.#lent = [...(this.#lent ?? []), ...(this.#closed ?? []), open]
      this.#closed = null
      if (taken) this.giveBack()
    }
  }

  /** The kernel has everything that was handed over. */
  giveBack(): void {
    if (this.#lent === null) return
    for (const slab of this.#lent) keep(slab)
    this.#lent = null
  }

  /** Who has it now may look at it for ever. */
  leave(): void {
    this.#closed = this.#open = null
  }

  /** Nobody looks any more at what was encoded last, but for what lies in `kept`. */
  forget(kept: ArrayBufferLike): void {
    for (const slab of [...(this.#closed ?? []), this.#open]) if (slab !== null && slab.buffer !== kept) keep(slab)
    this.#closed = this.#open = null
  }
}

/**
 * What is no slab is dropped, but next time there is one: who writes little at a time would otherwise outgrow small
 * buffers again and again.
 */
const keep = (memory: Buffer): void => {
  if (memory.length === SLAB_BYTES) {
    if (spare.length < MOST_SPARE) spare.push(memory)
  } else if (spare.length === 0) spare.push(Buffer.allocUnsafeSlow(SLAB_BYTES))
}
