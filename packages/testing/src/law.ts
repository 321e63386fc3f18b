import type { Chunking } from './chunkings.ts'
import { cutAt } from './chunkings.ts'

/** What a law says of one case: it held, or how it was broken. */
export type LawResult = Held | Broken

/** The law holds for this case. */
export interface Held {
  readonly _tag: 'Held'
}

/** The law does not hold for this case. {@link draw} makes it readable. */
export interface Broken {
  readonly _tag: 'Broken'
  /** The law as a sentence. */
  readonly law: string
  /** The rule it comes from: `R15`. */
  readonly rule: string
  /** What was expected and what happened. */
  readonly detail: string
  /** The bytes of the case. */
  readonly bytes: Uint8Array
  /** Where they were cut. */
  readonly chunking: Chunking
  /** What else is drawn, below the bytes: `in   1 2 3 |`. Where there are no bytes, instead of them. */
  readonly lines: ReadonlyArray<string>
}

/** A law by its name and rule; laws make their results with it. */
export interface Law {
  /** The promise, as a test title says it. */
  readonly title: string
  readonly rule: string
}

/** The law holds. */
export const held: Held = { _tag: 'Held' }

/** The law is broken by these bytes in these chunks. */
export const broken = (
  law: Law,
  detail: string,
  bytes: Uint8Array,
  chunking: Chunking,
  lines: ReadonlyArray<string> = [],
): Broken => ({
  _tag: 'Broken',
  law: law.title,
  rule: law.rule,
  detail,
  bytes,
  chunking,
  lines,
})

/** The law is broken, and no bytes had to do with it: what is drawn is in `lines`. */
export const brokenBy = (law: Law, detail: string, lines: ReadonlyArray<string>): Broken =>
  broken(law, detail, new Uint8Array(0), [], lines)

/** The first broken one of several cases, each tried only if those before it held. */
export const firstBroken = <A>(cases: Iterable<A>, law: (one: A) => LawResult): LawResult => {
  for (const one of cases) {
    const result = law(one)
    if (result._tag === 'Broken') return result
  }
  return held
}

const SHOWN_BYTES = 256

/**
 * A broken law as a person reads it.
 *
 * ```
 *  reads back what it wrote, however it is cut [R15]
 *    sent 'ann' and read 'an'
 *    bytes  61 6e | 6e 0a
 *    text   an|n.
 * ```
 */
export const draw = (result: Broken): string =>
  [
    `${result.law} [${result.rule}]`,
    ...result.detail.split('\n').map((line) => `  ${line}`),
    ...(result.bytes.length === 0 && result.lines.length > 0 ? [] : drawBytes(result)),
    ...result.lines.map((line) => `  ${line}`),
  ].join('\n')

const drawBytes = (result: Broken): ReadonlyArray<string> => {
  const shown = result.bytes.subarray(0, SHOWN_BYTES)
  const chunks = cutAt(shown, result.chunking)
  const more = result.bytes.length > SHOWN_BYTES ? ` … ${String(result.bytes.length - SHOWN_BYTES)} more` : ''
  const hex = chunks.map((chunk) => Array.from(chunk, (byte) => byte.toString(16).padStart(2, '0')).join(' '))
  const text = chunks.map((chunk) => Array.from(chunk, printable).join(''))
  return [`  bytes  ${hex.join(' | ')}${more}`, `  text   ${text.join('|')}${more}`]
}

const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')
