import type { ByteWriter } from './byteWriter.ts'

/** From this size on bytes are kept by reference: copying them would cost more than a second part. */
const REFERENCE_FROM = 16 * 1024
const FIRST_SLAB = 1024
const LARGEST_SLAB = 64 * 1024

/** Where a {@link ByteQueue} gets its memory; `bytes` is the least it can use. */
export type SlabSource = (bytes: number) => Buffer

/**
 * A {@link ByteWriter} that keeps what is written as a queue of parts: short writes joined in slabs,
 * long ones by reference.
 *
 * ```
 *  slab                    by reference          the same slab goes on
 *  ├ header │ line │ hdr ┤ ├ 64 KiB payload ┤ ├ trailer │ …
 *  └─ part 0 ────────────┘ └─ part 1 ───────┘ └─ open part
 * ```
 */
export interface ByteQueue extends ByteWriter {
  /** All the bytes as one array, and the queue is empty: a view where they lie together, else a copy. */
  take(): Uint8Array
  /** All the bytes in order, in as few pieces as they lie in, and the queue is empty. */
  takeParts(): Uint8Array[]
}

/** An empty {@link ByteQueue}. `slabs` is where its memory comes from (default: fresh buffers). */
export const byteQueue = (slabs: SlabSource = (bytes) => Buffer.allocUnsafeSlow(bytes)): ByteQueue =>
  new SlabQueue(slabs)

class SlabQueue implements ByteQueue {
  readonly #slabs: SlabSource
  #parts: Uint8Array[] = []
  /** Bytes in `#parts`. */
  #closed = 0
  #slab: Buffer | null = null
  /** The open part is `#slab` from `#from` to `#to`. */
  #from = 0
  #to = 0

  constructor(slabs: SlabSource) {
    this.#slabs = slabs
  }

  get length(): number {
    return this.#closed + (this.#to - this.#from)
  }

  byte(value: number): void {
    const slab = this.#room(1)
    slab[this.#to++] = value
  }

  bytes(source: Uint8Array): void {
    const size = source.length
    if (size >= REFERENCE_FROM) {
      this.#close()
      this.#parts.push(source)
      this.#closed += size
    } else if (size > 0) {
      const slab = this.#room(size)
      slab.set(source, this.#to)
      this.#to += size
    }
  }

  utf8(text: string): void {
    if (text.length * 3 >= REFERENCE_FROM) this.bytes(Buffer.from(text, 'utf8'))
    else if (text.length > 0) {
      const slab = this.#room(text.length * 3)
      this.#to += slab.write(text, this.#to, 'utf8')
    }
  }

  latin1(text: string): void {
    if (text.length >= REFERENCE_FROM) this.bytes(Buffer.from(text, 'latin1'))
    else if (text.length > 0) {
      const slab = this.#room(text.length)
      this.#to += slab.write(text, this.#to, 'latin1')
    }
  }

  uintBE(value: number, width: number): void {
    this.#room(width).writeUIntBE(value, this.#to, width)
    this.#to += width
  }

  uintLE(value: number, width: number): void {
    this.#room(width).writeUIntLE(value, this.#to, width)
    this.#to += width
  }

  truncate(length: number): void {
    if (length >= this.#closed) {
      this.#to = Math.min(this.#to, this.#from + length - this.#closed)
      return
    }
    this.#from = this.#to
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      this.#closed -= part.length
      if (this.#closed > length) continue
      const kept = part.subarray(0, length - this.#closed)
      if (kept.length > 0) this.#parts.push(kept)
      this.#closed = length
      return
    }
  }

  take(): Uint8Array {
    const parts = this.takeParts()
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
  }

  takeParts(): Uint8Array[] {
    this.#close()
    const parts = this.#parts
    this.#parts = []
    this.#closed = 0
    this.#slab = null
    this.#from = this.#to = 0
    return parts
  }

  /** The open slab, with room for `size` more bytes at `#to`. */
  #room(size: number): Buffer {
    const slab = this.#slab
    return slab !== null && slab.length - this.#to >= size ? slab : this.#grow(size)
  }

  #grow(size: number): Buffer {
    const before = this.#slab
    const open = this.#to - this.#from
    // a slab that is still small is outgrown (its bytes move), one of full size is closed
    const moves = before !== null && this.#from === 0 && before.length < LARGEST_SLAB
    if (!moves) this.#close()
    const doubled = before === null ? FIRST_SLAB : Math.min(before.length * 2, LARGEST_SLAB)
    const slab = this.#slabs(Math.max(doubled, (moves ? open : 0) + size))
    if (moves) before.copy(slab, 0, 0, open)
    this.#from = 0
    this.#to = moves ? open : 0
    this.#slab = slab
    return slab
  }

  #close(): void {
    if (this.#slab === null || this.#to === this.#from) return
    this.#parts.push(this.#slab.subarray(this.#from, this.#to))
    this.#closed += this.#to - this.#from
    this.#from = this.#to
  }
}
