/** @typedef {{ name: string, value: number | string, bound: string, holds: boolean }} Check */

const MIB = 1024 * 1024

/** @param {number} bytes */
export const mib = (bytes) => Math.round((bytes / MIB) * 100) / 100

/**
 * The value of `--name`, or the fallback.
 *
 * @param {string} name
 * @param {number} fallback
 */
export const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  if (at === -1) return fallback
  const value = Number(process.argv[at + 1])
  if (!(value >= 0)) throw new Error(`--${name} takes a number`)
  return value
}

/**
 * Rows as a table of text, numbers to the right.
 *
 * @param {readonly Record<string, unknown>[]} rows
 */
export const table = (rows) => {
  const names = Object.keys(rows[0] ?? {})
  const cells = rows.map((row) => names.map((name) => String(row[name] ?? '')))
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const right = names.map((_, i) => cells.every((row) => /^[-+\d.]*$/.test(row[i] ?? '')))
  /** @param {readonly string[]} row */
  const line = (row) =>
    row
      .map((cell, i) => (right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(names), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

/**
 * Prints the checks, then everything as one JSON line, and says with the exit code whether all hold.
 *
 * @param {string} bench
 * @param {readonly Check[]} checks
 * @param {Record<string, unknown>} figures
 */
export const conclude = (bench, checks, figures) => {
  const shown = checks.map(({ name, value, bound, holds }) => ({
    check: name,
    value,
    bound,
    '': holds ? 'holds' : 'BROKEN',
  }))
  console.log(`\n${table(shown)}\n`)
  const broken = checks.filter((check) => !check.holds).map((check) => check.name)
  console.log(JSON.stringify({ bench, node: process.version, broken, checks, ...figures }))
  process.exitCode = broken.length === 0 ? 0 : 1
}
