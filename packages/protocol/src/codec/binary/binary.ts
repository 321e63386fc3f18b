import type { Codec } from '../codec.ts'
import type { Part } from '../internal/part.ts'
import type { Layout } from './layout.ts'

/** What is known of any binary codec, whatever its values are. */
export interface AnyBinary {
  /** Prints as the expression that built it. */
  readonly name: string
  readonly layout: Layout
  /** The fewest bytes a value takes. */
  readonly minBytes: number
  /** The most bytes a value takes; `Infinity` where nothing bounds it. */
  readonly maxBytes: number
  /** How it is read and written as a part of others. */
  readonly part: Part
}

/**
 * A codec of bytes that knows what it looks like. One description gives all of these: how it is read, how it is written,
 * how many bytes it takes, its documentation (`describe`), and values to test it with (`arbitraryOf` of
 * `@sluice/testing`).
 *
 * ```
 *  struct({ kind: u8, text: utf8(u16) })
 *
 *  03 00 02 68 69   ⇄   { kind: 3, text: 'hi' }
 * ```
 *
 * A frame is read to its end: bytes left over are `Invalid`, as are too few. Errors of both directions say
 * where: the path in the value, and the byte in the frame (where a bit is wrong, the bit too). Frames and views: what is
 * bytes in the value is a view of the frame (R20).
 */
export interface Binary<A, B = A> extends Codec<Uint8Array, A, B>, AnyBinary {}

/** What is read by a binary codec. */
export type ReadBy<C> = C extends Binary<infer A, never> ? A : never

/** What is written by a binary codec. */
export type WrittenBy<C> = C extends Binary<unknown, infer B> ? B : never
