/**
 * A stream of Node's, or a web stream, broke, or was closed before its end. Fault: local as far as can be
 * told; `cause` is the stream's own error. The stream is unusable.
 */
export class StreamFailed extends Error {
  readonly _tag = 'StreamFailed'
  readonly side: 'readable' | 'writable'
  /** The code of its error: `ENOENT`, `ENOSPC` …; `CLOSED` where it was closed without one, else `UNKNOWN`. */
  readonly code: string

  constructor(side: 'readable' | 'writable', cause?: unknown) {
    super(`the ${side} ${describe(cause)}`, { cause })
    this.name = 'StreamFailed'
    this.side = side
    this.code = cause === undefined ? 'CLOSED' : codeOf(cause)
  }
}

const describe = (cause: unknown): string => {
  if (cause === undefined) return 'was closed before its end'
  if (cause instanceof Error) return `failed: ${cause.message}`
  return typeof cause === 'string' ? `failed: ${cause}` : 'failed'
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNKNOWN'
