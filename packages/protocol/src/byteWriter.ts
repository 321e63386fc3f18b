/**
 * Where a protocol writes the bytes of a message. One writer serves many messages, so that those of
 * one dispatch leave in one system call.
 *
 * ```ts
 * import { byteQueue } from '@sluice/protocol'
 *
 * const out = byteQueue()
 * out.uintBE(5, 4)
 * out.utf8('hello')
 * console.log(out.length) // 9
 * console.log(Buffer.from(out.take()).toString('hex')) // 0000000568656c6c6f
 * ```
 */
export interface ByteWriter {
  /** Bytes written and not yet taken away. Differences of it are sizes: `after - before`. */
  readonly length: number
  /** Appends one byte; only the lowest eight bits of `value` count. */
  byte(value: number): void
  /**
   * Appends bytes. Short ones are copied; long ones (16 KiB and more) are kept as they are, so they
   * are never to be written to afterwards (R20).
   */
  bytes(source: Uint8Array): void
  /** Appends text as UTF-8. A lone surrogate becomes U+FFFD: who must refuse it checks first. */
  utf8(text: string): void
  /** Appends one byte per character: the lowest eight bits of each. */
  latin1(text: string): void
  /** Appends an unsigned integer of `width` bytes (1 to 6), most significant byte first. */
  uintBE(value: number, width: number): void
  /** Appends an unsigned integer of `width` bytes (1 to 6), least significant byte first. */
  uintLE(value: number, width: number): void
  /** Takes back everything after the first `length` bytes: how an encoder undoes half a message. */
  truncate(length: number): void
}
