import type { Broken, Law } from './law.ts'

/** What {@link LawBroken} says. */
export interface LawBrokenInfo {
  /** The name of what broke the law: `lines()`. */
  readonly subject: string
  readonly law: Law
  /** The smallest case that was found, drawn. */
  readonly drawing: string
  /** That case, unless the law could not be evaluated at all. */
  readonly broken: Broken | null
  readonly seed: number
  readonly path: string
  /** Cases tried until it was found. */
  readonly runs: number
  readonly cause: unknown
}

/**
 * A law does not hold. The message is the smallest case that was found, and how to have it again:
 *
 * ```
 *  lines() breaks a law, found after 3 cases:
 *
 *  reads back what it wrote, however it is cut [R15]
 *    message 0 should be 'a'
 *    and is ''
 *    bytes  61 | 0a
 *    text   a|.
 *
 *  repeat it with { seed: 1205714, path: "2:0" }
 * ```
 */
export class LawBroken extends Error {
  readonly _tag = 'LawBroken'
  readonly subject: string
  readonly law: Law
  readonly drawing: string
  readonly broken: Broken | null
  readonly seed: number
  readonly path: string
  readonly runs: number

  constructor(info: LawBrokenInfo) {
    const again = `repeat it with { seed: ${String(info.seed)}, path: ${JSON.stringify(info.path)} }`
    super(`${info.subject} breaks a law, found after ${String(info.runs)} cases:\n\n${info.drawing}\n\n${again}`, {
      cause: info.cause,
    })
    this.name = 'LawBroken'
    this.subject = info.subject
    this.law = info.law
    this.drawing = info.drawing
    this.broken = info.broken
    this.seed = info.seed
    this.path = info.path
    this.runs = info.runs
  }
}
