/** Numbers from 0 up to, not including, 1; the same for the same seed. */
export type Random = () => number

/** A generator of its own for each of many (mulberry32, a public-domain generator of 32 bits of state). */
export const randomOf = (seed: number, which: number): Random => {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(which + 1, 0x85ebca6b)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
