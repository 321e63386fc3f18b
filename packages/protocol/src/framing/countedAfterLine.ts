import * as E from 'fp-ts/lib/Either.js'
import { WrongOption } from '../errors.ts'
import { lineEncoder } from '../internal/lineEncoder.ts'
import { lineRules } from '../internal/lineRules.ts'
import { lineStep } from '../internal/lineStep.ts'
import { choiceOption, expression, limitOption, wholeOption } from '../internal/options.ts'
import { NO_BYTES, notEncodable, overLimit } from '../internal/refusal.ts'
import { DONE, stepDecoder } from '../internal/stepDecoder.ts'
import { partTooLong } from '../internal/tooLong.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'
import { DEFAULT_MAX_LINE_BYTES } from './lines.ts'
import type { Step, StepResult } from './step.ts'
import { fail, frame, more, need } from './step.ts'

/** A line, and the body it announced. */
export interface CountedFrame {
  /** Without its ending. */
  readonly line: string
  /** A view (R20); null where the line announced none. */
  readonly body: Uint8Array | null
}

/** Options of {@link countedAfterLine}. */
export interface CountedAfterLineOptions {
  /**
   * How many bytes the body has that a line announces; null where none follows, not even a terminator. Anything but a
   * whole number (so `NaN`) means that the line is wrong: `Malformed`. Pure, and it must not throw:
   * `wholeNumber` reads digits and nothing but digits.
   */
  readonly count: (line: string) => number | null
  /**
   * What ends a line. `strict` (default): CR LF, and a lone CR or LF is `Malformed`, for what one end takes for a line
   * ending and the other does not is how commands are smuggled. `crlf`: a lone one belongs to the line. `lf`: LF.
   */
  readonly ending?: 'strict' | 'crlf' | 'lf'
  /** What a line is in. `utf8` (default; anything else is `Malformed`) or `latin1`. */
  readonly encoding?: 'utf8' | 'latin1'
  /** What stands behind a body, in Latin-1; `''` for nothing. Default: what ends a line. */
  readonly terminator?: string
  /** The most bytes a line may take, its ending included. Default 64 KiB (65,536), or `maxFrameBytes` if less. */
  readonly maxLineBytes?: number
  /** The most bytes a frame may take on the wire: line, body and terminator. Default 1 MiB (1,048,576). */
  readonly maxFrameBytes?: number
}

/** What {@link countedAfterLine} does unless told. */
export const COUNTED_AFTER_LINE_DEFAULTS = {
  ending: 'strict',
  encoding: 'utf8',
  maxLineBytes: DEFAULT_MAX_LINE_BYTES,
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies Omit<CountedAfterLineOptions, 'count'>

/**
 * A line of text that may announce a body of so many bytes: memcached, BDAT of SMTP, and many a protocol typed by hand.
 *
 * ```
 *  bytes    s e t _ k _ 0 _ 0 _ 2 CR LF  h i CR LF           g e t _ k CR LF
 *  emits    { line: 'set k 0 0 2', body: 'hi' }              { line: 'get k', body: null }
 * ```
 *
 * Written is a body only behind a line that announces just its length, by the same `count`.
 *
 * Errors while decoding, the `remote` side's fault: `TooLong` (a line over `maxLineBytes`, a frame over
 * `maxFrameBytes`, before its body) · `Malformed` (a count that is none, no terminator, a bare CR or LF, wrong text) ·
 * `Truncated` (phase `line` or `body`). While encoding, `local`: `NotEncodable` (a count that is not the body's, a
 * line ending in the line) · `TooLong`.
 * Throws `WrongOption` for an unknown word, a terminator that is no Latin-1, and limits that leave no room.
 *
 * ```ts
 * import { countedAfterLine, wholeNumber } from '@sluice/protocol'
 *
 * const memcached = countedAfterLine({
 *   count: (line) => (line.startsWith('set ') ? wholeNumber(line.split(' ')[4] ?? '') : null),
 * })
 * memcached.decoder().push(Buffer.from('set k 0 0 2\r\nhi\r\nget k\r\n'), ({ line, body }) => {
 *   console.log(line, body?.length) // set k 0 0 2 2
 *   // get k undefined
 *   return true
 * })
 * ```
 *
 * Source: memcached `doc/protocol.txt` ("Storage commands"); RFC 3030 section 2 (BDAT, with `terminator: ''`).
 */
export const countedAfterLine = (options: CountedAfterLineOptions): Protocol<CountedFrame> => {
  const name = expression('countedAfterLine', options)
  const rules = countedRules(name, options)
  const { maxFrameBytes } = rules
  const source = { maxFrameBytes, initial: undefined, step: countedStep(rules) }
  return { name, decoder: () => stepDecoder(source), encode: countedEncoder(name, rules) }
}

type CountedRules = ReturnType<typeof countedRules>

const countedRules = (name: string, options: CountedAfterLineOptions) => {
  const defaults = COUNTED_AFTER_LINE_DEFAULTS
  const ending = choiceOption(name, 'ending', options.ending, ['strict', 'crlf', 'lf'])
  const terminator = options.terminator ?? (ending === 'lf' ? '\n' : '\r\n')
  if (!/^[\0-\xff]*$/.test(terminator)) throw new WrongOption(name, 'terminator', terminator, 'text in Latin-1')
  const least = ending === 'lf' ? 1 : 2
  const maxFrameBytes = limitOption(name, options.maxFrameBytes, defaults.maxFrameBytes, least)
  const fallback = Math.min(defaults.maxLineBytes, maxFrameBytes)
  const bounds = { least, most: maxFrameBytes }
  const maxLineBytes = wholeOption(name, 'maxLineBytes', options.maxLineBytes, fallback, bounds)
  const line = lineRules({
    ending,
    encoding: choiceOption(name, 'encoding', options.encoding, ['utf8', 'latin1']),
    invalidText: 'fail',
    tooLong: 'fail',
    unterminated: 'truncated',
    maxFrameBytes: maxLineBytes,
  })
  return { line, maxLineBytes, maxFrameBytes, count: options.count, terminator: Buffer.from(terminator, 'latin1') }
}

const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0

const countedStep = (rules: CountedRules): Step<CountedFrame> => {
  const { maxLineBytes, count } = rules
  const lineAt = lineStep(rules.line)
  return (bytes, scanned, _state, offset) => {
    const head = bytes.length > maxLineBytes ? bytes.subarray(0, maxLineBytes) : bytes
    const found = lineAt(head, scanned, false, offset)
    if (found._tag === 'More' && head.length === maxLineBytes) return partTooLong(maxLineBytes, head, offset)
    // no policy of these rules skips a line
    if (found._tag !== 'Frame') return found._tag === 'Skip' ? more(0, 'line') : found
    const line = String(found.message)
    const announced = count(line)
    if (announced === null) return frame({ line, body: null }, found.length)
    if (!isCount(announced)) return fail('a line that announces no whole number of bytes', found.length - 1)
    return counted(rules.terminator, bytes, line, found.length, found.length + announced)
  }
}

const counted = (
  terminator: Uint8Array,
  bytes: Uint8Array,
  line: string,
  start: number,
  end: number,
): StepResult<CountedFrame> => {
  const total = end + terminator.length
  if (bytes.length < total) return need(total, 'body')
  const wrong = terminator.findIndex((byte, i) => bytes[end + i] !== byte)
  if (wrong !== -1) return fail('a body without its terminator', end + wrong)
  return frame({ line, body: bytes.subarray(start, end) }, total)
}

const countedEncoder = (protocol: string, rules: CountedRules): Protocol<CountedFrame>['encode'] => {
  const { maxFrameBytes, terminator, count } = rules
  const writeLine = lineEncoder(protocol, rules.line)
  return (message, out) => {
    const { line, body } = message
    if (body !== null && !(body instanceof Uint8Array)) return notEncodable(protocol, message, NO_BYTES)
    const before = out.length
    const written = writeLine(line, out)
    if (E.isLeft(written)) return written
    const announced = count(line)
    const wrong = (body?.length ?? null) !== announced
    const total = out.length - before + (body === null ? 0 : body.length + terminator.length)
    if (wrong || total > maxFrameBytes) out.truncate(before)
    if (wrong) return notEncodable(protocol, message, mismatch(announced, body))
    if (total > maxFrameBytes) return overLimit(maxFrameBytes, total, body ?? new Uint8Array(0))
    if (body !== null) {
      out.bytes(body)
      out.bytes(terminator)
    }
    return DONE
  }
}

const mismatch = (announced: number | null, body: Uint8Array | null): string => {
  const has = body === null ? 'there is none' : `there are ${String(body.length)} bytes`
  return announced === null
    ? 'a body that the line does not announce'
    : `a line that announces ${String(announced)} bytes, where ${has}`
}
