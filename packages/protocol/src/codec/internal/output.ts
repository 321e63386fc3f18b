import type { Failure, Scope } from './failure.ts'
import { failure, threw } from './failure.ts'
import { Memory } from './memory.ts'

const SLAB = 16 * 1024
/** Larger ones are not kept for the next frame. */
const LARGEST_KEPT = 64 * 1024

/** Memory that frames are written into, one behind the other; what was written is never written again. */
class Slab {
  readonly memory: Memory
  used = 0

  constructor(bytes: number) {
    this.memory = new Memory(new ArrayBuffer(bytes))
  }
}

/** The slab nobody is writing into: null while somebody is, who may ask for another frame meanwhile. */
let free: Slab | null = null

/** The bytes of one frame while it is written. Places count from the beginning of the memory, as in an `Input`. */
export class Output {
  #slab: Slab
  view: DataView
  #start: number
  /** Where the next byte goes. */
  at: number
  failure: Failure | null = null
  scope: Scope | null = null
  depth = 0

  constructor() {
    this.#slab = free ?? new Slab(SLAB)
    free = null
    this.view = this.#slab.memory.view
    this.#start = this.at = this.#slab.used
  }

  /** Bytes written so far: what places in a frame are counted in, for memory may move. */
  get length(): number {
    return this.at - this.#start
  }

  /** Room for `count` bytes, taken; answers where it begins. */
  reserve(count: number): number {
    if (this.at + count > this.view.byteLength) this.#grow(count)
    const at = this.at
    this.at += count
    return at
  }

  /** The memory, for what writes many bytes at once behind `reserve`. */
  get bytes(): Buffer {
    return this.#slab.memory.bytes
  }

  /** The written bytes from `index` on, as a view that lasts until the next `reserve`. */
  written(index: number): Uint8Array {
    return new Uint8Array(this.view.buffer, this.#start + index, this.length - index)
  }

  /** What was written behind `to` goes in front of what was written from `from` on: a length that is known last. */
  bringForward(from: number, to: number): void {
    if (to === this.length) return
    const last = this.written(to).slice()
    this.bytes.copyWithin(this.#start + from + last.length, this.#start + from, this.#start + to)
    this.bytes.set(last, this.#start + from)
  }

  fail(at: number, expected: string, got: string, bit?: number): undefined {
    this.failure ??= failure(at - this.#start, expected, got, bit)
  }

  threw(at: number, cause: unknown, value: unknown): undefined {
    this.failure ??= threw(at - this.#start, cause, value)
  }

  within(key: PropertyKey): void {
    this.failure?.path.unshift(key)
  }

  /** Ends the writing: the frame's bytes. */
  take(): Uint8Array {
    const { buffer } = this.view
    const bytes = new Uint8Array(buffer, this.#start, this.length)
    this.#slab.used = this.at
    this.drop()
    return bytes
  }

  /** Ends the writing; what was written is given up, unless it was taken. */
  drop(): void {
    if (this.view.byteLength <= LARGEST_KEPT) free = this.#slab
  }

  #grow(count: number): void {
    const written = this.written(0)
    const slab = new Slab(Math.max(SLAB, 2 * (written.length + count)))
    slab.memory.bytes.set(written)
    this.#slab = slab
    this.view = slab.memory.view
    this.#start = 0
    this.at = written.length
  }
}
