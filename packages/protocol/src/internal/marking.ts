/** Where the frame at the beginning of some bytes ends: behind its delimiter (`next`), and what is before (`length`). */
export type Found =
  | { readonly _tag: 'End'; readonly length: number; readonly next: number }
  | { readonly _tag: 'None'; readonly scanned: number }
  | { readonly _tag: 'Wrong'; readonly what: string; readonly at: number }

/** One way to tell a delimiter from the same bytes inside a frame. */
export interface Marking {
  /** Looks for the end of a frame; `scanned` is what it answered last for the same frame, or 0. */
  readonly find: (bytes: Uint8Array, scanned: number) => Found
  /** What stands before the delimiter, as it was before {@link Marking.escape}: the same array where nothing was. */
  readonly unescape: (content: Uint8Array) => Uint8Array
  /** How many bytes `escape` will add, or what is wrong with a content that ends with that delimiter. */
  readonly extra: (content: Uint8Array, delimiter: Uint8Array) => number | string
  /** The content with so many bytes more; not called for none. */
  readonly escape: (content: Uint8Array, extra: number) => Uint8Array
}

export const end = (length: number, next: number): Found => ({ _tag: 'End', length, next })
export const none = (scanned: number): Found => ({ _tag: 'None', scanned })
export const wrong = (what: string, at: number): Found => ({ _tag: 'Wrong', what, at })

/** A set of bytes. */
export const byteSet = (bytes: Iterable<number>): Uint8Array => {
  const set = new Uint8Array(256)
  for (const byte of bytes) set[byte] = 1
  return set
}

/** How many bytes are in the set. */
export const countIn = (set: Uint8Array, bytes: Uint8Array): number => {
  let count = 0
  for (let i = 0; i < bytes.length; i++) count += set[bytes[i] ?? 0] ?? 0
  return count
}

/** The bytes with another before each that is in the set. */
export const insertBefore = (
  set: Uint8Array,
  bytes: Uint8Array,
  extra: number,
  inserted: (byte: number) => number,
): Uint8Array => {
  const more = new Uint8Array(bytes.length + extra)
  let to = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (set[byte] === 1) more[to++] = inserted(byte)
    more[to++] = byte
  }
  return more
}

/** The bytes without each that `dropped` says, which then keeps the one behind it; the same array if there is none. */
export const dropBefore = (bytes: Uint8Array, dropped: (byte: number) => boolean): Uint8Array => {
  let from = 0
  while (from < bytes.length && !dropped(bytes[from] ?? 0)) from++
  if (from === bytes.length) return bytes
  const fewer = new Uint8Array(bytes.length - 1)
  fewer.set(bytes.subarray(0, from))
  let to = from
  for (; from < bytes.length; from++) {
    if (dropped(bytes[from] ?? 0)) from++
    fewer[to++] = bytes[from] ?? 0
  }
  return fewer.subarray(0, to)
}
