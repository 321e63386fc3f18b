/**
 * A small seeded generator (mulberry32): the same seed, the same run.
 *
 * @param {number} seed
 */
export const random = (seed) => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  /** @param {number} most a whole number from 0 to `most`, both included */
  const upTo = (most) => Math.floor(next() * (most + 1))
  return { next, upTo }
}
