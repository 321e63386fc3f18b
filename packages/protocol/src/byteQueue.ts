import type { ByteWriter } from './byteWriter.ts'

/** From this size on bytes are kept by reference: copying them would cost more than a second part. */
const REFERENCE_FROM = 16 * 1024
const FIRST_SLAB = 1024
const LARGEST_SLAB = 64 * 1024
/** Text up to this length is encoded together with what follows it: a call for each would cost more than its bytes. */
const DEFERRED_UP_TO = 256
/** So many characters are worth a call. */
const ENCODED_FROM = 4096

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
 *
 * Short text waits as text behind the open part, and is encoded in one call for many pieces.
 */
export interface ByteQueue extends ByteWriter {
  /** Never less than `length`, and found without encoding text that waits: enough to see that a bound is far. */
  readonly atMost: number
  /** All the bytes as one array, and the queue is empty: a view where they lie together, else a copy. */
  take(): Uint8Array
  /** All the bytes in order, in as few pieces as they lie in, and the queue is empty. */
  takeParts(): Uint8Array[]
}

/** An empty {@link ByteQueue}. `slabs` is where its memory comes from (default: fresh buffers). */
export const byteQueue = (slabs: SlabSource = (bytes) => Buffer.allocUnsafeSlow(bytes)): ByteQueue =>
  new SlabQueue(slabs)

type TextEncoding = 'utf8' | 'latin1'

class SlabQueue implements ByteQueue {
  readonly #slabs: SlabSource
  #parts: Uint8Array[] = []
  /** Bytes in `#parts`. */
  #closed = 0
  #slab: Buffer | null = null
  /** The open part is `#slab` from `#from` to `#to`. */
  #from = 0
  #to = 0
  /** What follows it, not encoded yet. */
  #text = ''
  #encoding: TextEncoding = 'utf8'

  constructor(slabs: SlabSource) {
    this.#slabs = slabs
  }

  get length(): number {
    this.#settle()
    return this.#closed + (this.#to - this.#from)
  }

  get atMost(): number {
    return this.#closed + (this.#to - this.#from) + this.#text.length * 3
  }

  byte(value: number): void {
    if (this.#text !== '') {
      if ((value & 0x80) === 0) {
        this.#text += String.fromCharCode(value & 0x7f)
        return
      }
      this.#settle()
    }
    const slab = this.#room(1)
    slab[this.#to++] = value
  }

  bytes(source: Uint8Array): void {
    this.#settle()
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
    if (text.length > DEFERRED_UP_TO) this.#put(text, 'utf8', text.length * 3)
    else {
      this.#defer(text, 'utf8')
      // half a character is none: it is not to become a whole one with what the next text begins with
      if (endsInHalf(text)) this.#settle()
    }
  }

  latin1(text: string): void {
    if (text.length > DEFERRED_UP_TO) this.#put(text, 'latin1', text.length)
    else this.#defer(text, 'latin1')
  }

  uintBE(value: number, width: number): void {
    this.#settle()
    const slab = this.#room(width)
    const at = this.#to
    if (width === 4 && value >>> 0 === value) {
      slab[at] = value >>> 24
      slab[at + 1] = value >>> 16
      slab[at + 2] = value >>> 8
      slab[at + 3] = value
    } else slab.writeUIntBE(value, at, width)
    this.#to = at + width
  }

  uintLE(value: number, width: number): void {
    this.#settle()
    this.#room(width).writeUIntLE(value, this.#to, width)
    this.#to += width
  }

  truncate(length: number): void {
    this.#settle()
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
    this.#settle()
    this.#close()
    const parts = this.#parts
    this.#parts = []
    this.#closed = 0
    this.#slab = null
    this.#from = this.#to = 0
    return parts
  }

  #defer(text: string, encoding: TextEncoding): void {
    if (this.#encoding !== encoding) {
      this.#settle()
      this.#encoding = encoding
    }
    this.#text += text
    if (this.#text.length >= ENCODED_FROM) this.#settle()
  }

  /** Encodes the text that waits. */
  #settle(): void {
    const text = this.#text
    if (text === '') return
    this.#text = ''
    this.#put(text, this.#encoding, this.#encoding === 'utf8' ? text.length * 3 : text.length)
  }

  /** Appends text that has `most` bytes at most. */
  #put(text: string, encoding: TextEncoding, most: number): void {
    this.#settle()
    if (most >= REFERENCE_FROM) this.bytes(Buffer.from(text, encoding))
    else {
      const slab = this.#room(most)
      this.#to += slab.write(text, this.#to, encoding)
    }
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

const endsInHalf = (text: string): boolean => (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800
