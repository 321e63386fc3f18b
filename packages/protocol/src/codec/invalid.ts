import { brief, shortName, showPath } from './internal/brief.ts'

/** What {@link Issue} says at least. */
export interface IssueInfo {
  /** Where in the value: `['user', 'tags', 2]`; empty for the whole. */
  readonly path: ReadonlyArray<PropertyKey>
  /** What belongs there: `a number`, `4 bytes`. */
  readonly expected: string
  /** What is there, in a few words. */
  readonly got: string
  /** The two as one phrase. Default: `expected …, got …`. Of a schema, its own. */
  readonly message?: string | undefined
  /** Where in what the codec read, counted from 0: bytes, or characters of a text. */
  readonly at?: number | undefined
  /** Which bit, where a bit is wrong: 0 is the least significant of its number. */
  readonly bit?: number | undefined
}

/** One thing that is wrong with a message. */
export interface Issue extends IssueInfo {
  readonly message: string
}

/** What {@link Invalid} says. */
export interface InvalidInfo {
  /** The codec that refused it. */
  readonly codec: string
  readonly issues: ReadonlyArray<IssueInfo>
  /** How many issues there are beyond those. Default 0. */
  readonly more?: number | undefined
  /** The frame: what the first codec of a protocol was given. */
  readonly frame: unknown
  /** Where the frame begins in the stream, counted from 0. Default 0, of a frame alone. */
  readonly offset?: number | undefined
  /** Default `remote`. `local` where it is the program that is wrong, as with an asynchronous schema. */
  readonly fault?: 'local' | 'remote' | undefined
  /** What a schema or a function threw. */
  readonly cause?: unknown
}

/** As many issues as an error keeps: a hostile message could have one per byte. */
const KEPT = 16

/**
 * A frame that is whole, and no message: text that is no JSON, an object without a field, bytes too few.
 *
 * ```
 *  the frame at offset 12 is no Message: user.age: expected number, got "x"
 *
 *  the frame at offset 12 is no Message:
 *    user.age: expected number, got "x"
 *    tags[2]: expected string, got null
 * ```
 *
 * Fault: `remote`, but for what `InvalidInfo.fault` says. A protocol repeats this error for ever (R17);
 * `attempted` makes a value of it.
 */
export class Invalid extends Error {
  readonly _tag = 'Invalid'
  readonly codec: string
  /** The first 16 at most. */
  readonly issues: ReadonlyArray<Issue>
  /** How many issues there are beyond those. */
  readonly more: number
  readonly frame: unknown
  readonly offset: number
  readonly fault: 'local' | 'remote'

  constructor(info: InvalidInfo) {
    const issues = info.issues.slice(0, KEPT).map(whole)
    const more = info.issues.length - issues.length + (info.more ?? 0)
    const offset = info.offset ?? 0
    super(said(info.codec, issues, more, offset), info.cause === undefined ? undefined : { cause: info.cause })
    this.name = 'Invalid'
    this.codec = info.codec
    this.issues = issues
    this.more = more
    this.frame = info.frame
    this.offset = offset
    this.fault = info.fault ?? 'remote'
  }
}

/** An issue as one line: `user.age: expected number, got "x" at byte 3`. */
export const issueLine = ({ path, message, at, bit }: Issue): string => {
  const where = showPath(path)
  const place = at === undefined ? '' : ` at ${String(at)}${bit === undefined ? '' : `, bit ${String(bit)}`}`
  return `${where === '' ? '' : `${where}: `}${message}${place}`.replaceAll(/\s*[\r\n\u2028\u2029]+\s*/g, ' ')
}

/** The same error, of another frame: what a codec inside of others says of what these were given. */
export const inFrame = (error: Invalid, frame: unknown, offset: number): Invalid => {
  const { codec, issues, more, fault, cause } = error
  if (error.frame === frame && error.offset === offset) return error
  return new Invalid({ codec, issues, more, frame, offset, fault, cause })
}

const whole = (issue: IssueInfo): Issue => ({
  ...issue,
  message: issue.message ?? `expected ${issue.expected}, got ${issue.got}`,
})

const said = (codec: string, issues: ReadonlyArray<Issue>, more: number, offset: number): string => {
  const lines = [...issues.map(issueLine), ...(more === 0 ? [] : [`and ${String(more)} more`])]
  const first = `the frame at offset ${String(offset)} is no ${shortName(codec)}:`
  return lines.length === 1 ? `${first} ${lines.join('')}` : [first, ...lines].join('\n  ')
}

/** One issue about a whole value: what most codecs have to say. */
export const invalid = (codec: string, frame: unknown, expected: string, more: Partial<IssueInfo> = {}): Invalid =>
  new Invalid({ codec, issues: [{ path: [], expected, got: brief(frame), ...more }], frame })
