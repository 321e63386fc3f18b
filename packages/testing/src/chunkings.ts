import fc from 'fast-check'

/**
 * Where a stream of bytes is cut into chunks: positions, in any order.
 *
 * ```
 *  bytes      61 62 63 64
 *  []         61 62 63 64          one chunk
 *  [1, 3]     61 | 62 63 | 64
 *  [2, 2]     61 62 |  | 63 64     twice the same: an empty chunk
 *  [9]        61 62 63 64          beyond the end: no cut
 * ```
 *
 * Positions, not sizes: taking one cut away leaves the others where they are, so that a failing case
 * shrinks to the few cuts that matter.
 */
export type Chunking = ReadonlyArray<number>

/** The bytes, cut at the positions of a {@link Chunking}. Views, not copies. */
export const cutAt = (bytes: Uint8Array, chunking: Chunking): ReadonlyArray<Uint8Array> => {
  const positions = chunking.filter((at) => at >= 0 && at <= bytes.length).sort((a, b) => a - b)
  return [...positions, bytes.length].map((at, i) => bytes.subarray(positions[i - 1] ?? 0, at))
}

/** The bytes in chunks of those sizes, what is left as the last one: `cut(abcd, [1, 2])` is `a | bc | d`. */
export const cut = (bytes: Uint8Array, sizes: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  let at = 0
  return cutAt(
    bytes,
    sizes.map((size) => (at += size)),
  )
}

/** The chunking of `length` bytes into one byte each: the hardest one. */
export const dripping = (length: number): Chunking => Array.from({ length: Math.max(0, length - 1) }, (_, i) => i + 1)

/** The bytes one by one. */
export const drip = (bytes: Uint8Array): ReadonlyArray<Uint8Array> => cutAt(bytes, dripping(bytes.length))

/** The bytes in two chunks, once for every place where they can be cut, both ends included. */
export const everyTwoWaySplit = (bytes: Uint8Array): ReadonlyArray<readonly [Uint8Array, Uint8Array]> =>
  Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)] as const)

/** Bytes that mean something to many protocols: a decoder that reads beyond its chunk trips over them. */
const JUNK = Uint8Array.of(0x0a, 0x00, 0xff, 0x0d, 0x0a, 0x31, 0x7f, 0xc3)

/** A chunk that lies in the middle of foreign bytes. */
export interface OffsetView {
  readonly chunk: Uint8Array
  /** Whether the chunk and the foreign bytes are still as they were. */
  readonly intact: () => boolean
}

/**
 * The chunk as a view in the middle of a bigger buffer, with junk before and after it, the way
 * chunks come out of a pool. `index` varies how much junk, and whether it is a `Buffer` (even) or a
 * plain `Uint8Array` (odd).
 *
 * ```
 *  0a 00 ff │ 61 62 63 │ 0d 0a 31 7f c3      the view is 61 62 63
 * ```
 */
export const offsetView = (chunk: Uint8Array, index = 0): OffsetView => {
  const before = 1 + (index % (JUNK.length - 1))
  const memory = Buffer.concat([JUNK.subarray(0, before), chunk, JUNK.subarray(before)])
  const slab = new Uint8Array(memory).buffer
  const wrap = index % 2 === 0 ? Buffer.from(slab, before, chunk.length) : new Uint8Array(slab, before, chunk.length)
  return { chunk: wrap, intact: () => Buffer.from(slab).equals(memory) }
}

/** Every chunk as an {@link offsetView}. */
export const offsetViews = (chunks: ReadonlyArray<Uint8Array>): ReadonlyArray<OffsetView> => chunks.map(offsetView)

/**
 * Chunkings of streams up to `maxBytes` (default 4,096) long, with at most `maxCuts` cuts (default 12). Small
 * positions are as likely as large ones. Shrinks to few cuts, early in the stream.
 */
export const chunking = (options: { readonly maxBytes?: number; readonly maxCuts?: number } = {}) => {
  const { maxBytes = 4096, maxCuts = 12 } = options
  const upTo = (most: number) => fc.nat({ max: Math.min(most, maxBytes) })
  const position = fc.oneof({ weight: 3, arbitrary: upTo(16) }, { weight: 4, arbitrary: upTo(128) }, upTo(maxBytes))
  return fc.array(position, { maxLength: maxCuts, size: 'max' }) as fc.Arbitrary<Chunking>
}

/** The bytes in chunks: at random, one byte each, or all in one. */
export const chunkings = (bytes: Uint8Array): fc.Arbitrary<ReadonlyArray<Uint8Array>> =>
  fc
    .oneof(
      { weight: 8, arbitrary: chunking({ maxBytes: bytes.length }) },
      fc.constant(dripping(bytes.length)),
      fc.constant<Chunking>([]),
    )
    .map((cuts) => cutAt(bytes, cuts))
