import { byteCount } from './brief.ts'
import type { Failure, Scope } from './failure.ts'
import { failure, threw } from './failure.ts'
import type { Memory } from './memory.ts'
import { memoryOf } from './memory.ts'

/**
 * The bytes of one frame while it is read. Places count from the beginning of the memory the frame lies in, so that
 * a number is read without adding anything; only errors count from the frame.
 *
 * ```
 *  memory   ├ … │ start … at … end │ … ┤
 * ```
 *
 * What a part gives is worth nothing once there is a `failure`.
 */
export class Input {
  readonly memory: Memory
  readonly view: DataView
  readonly start: number
  at: number
  end: number
  failure: Failure | null = null
  scope: Scope | null = null
  /** How many `lazy` parts are being read within one another. */
  depth = 0

  constructor(bytes: Uint8Array) {
    const memory = memoryOf(bytes.buffer)
    this.memory = memory
    this.view = memory.view
    this.start = bytes.byteOffset
    this.at = bytes.byteOffset
    this.end = bytes.byteOffset + bytes.length
  }

  get left(): number {
    return this.end - this.at
  }

  /** Whether `count` bytes are left; else that is the failure. */
  has(count: number): boolean {
    if (count <= this.end - this.at) return true
    this.lack(this.at, count)
    return false
  }

  /** There are fewer than `count` bytes at that place. */
  lack(at: number, count: number): undefined {
    return this.fail(at, byteCount(count), String(Math.max(0, this.end - at)))
  }

  /** The next `count` bytes, as a view. */
  take(count: number): Uint8Array | undefined {
    if (!this.has(count)) return undefined
    const from = this.at
    this.at += count
    return this.viewOf(from, this.at)
  }

  viewOf(from: number, to: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, from, to - from)
  }

  /** The first failure is the one that counts. */
  fail(at: number, expected: string, got: string, bit?: number): undefined {
    this.failure ??= failure(at - this.start, expected, got, bit)
  }

  /** A function of the user threw at a value that was read. */
  threw(at: number, cause: unknown, value: unknown): undefined {
    this.failure ??= threw(at - this.start, cause, value)
  }

  /** Says that the failure lies in a part of that name. */
  within(key: PropertyKey): void {
    this.failure?.path.unshift(key)
  }
}
