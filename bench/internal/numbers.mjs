/** @param {readonly number[]} values */
export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

/**
 * How far samples lie apart: half of highest minus lowest, in percent of the median.
 *
 * @param {readonly number[]} values
 */
export const spread = (values) =>
  values.length < 2 ? 0 : Math.round((50 * (Math.max(...values) - Math.min(...values))) / median(values))

/**
 * Times in microseconds, counted in steps of 1/32 of themselves: any number of them in fixed memory.
 */
export const histogram = () => {
  const counts = new Uint32Array(32 * 32)
  let total = 0
  return {
    /** @param {number} us */
    add: (us) => {
      const at = us < 1 ? 0 : Math.min(counts.length - 1, Math.floor(Math.log2(us) * 32))
      counts[at] = (counts[at] ?? 0) + 1
      total++
    },
    clear: () => {
      counts.fill(0)
      total = 0
    },
    /** @param {number} share of 1 */
    at: (share) => {
      let seen = 0
      for (const [i, count] of counts.entries()) {
        seen += count
        if (seen > total * share) return Math.round(2 ** ((i + 0.5) / 32))
      }
      return 0
    },
  }
}

/**
 * A number for people: three digits that count, thousands apart.
 *
 * @param {number} value
 */
export const shown = (value) => {
  if (!Number.isFinite(value)) return ''
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 })
}
