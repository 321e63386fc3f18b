import type { Either } from 'fp-ts/lib/Either.js'
import type { Malformed, TooLong } from '../errors.ts'

/** What ends a line; see {@link LinesOptions.ending}. */
export type LineEnding = 'either' | 'lf' | 'crlf' | 'strict'
/** What the bytes of a line become; see {@link LinesOptions.encoding}. */
export type LineEncoding = 'utf8' | 'latin1' | 'ascii' | 'bytes'
/** What a line over the limit is; see {@link LinesOptions.tooLong}. */
export type TooLongPolicy = 'fail' | 'skip' | 'value'
/** What a line of invalid text is; see {@link LinesOptions.invalidText}. */
export type InvalidTextPolicy = 'fail' | 'replace' | 'skip' | 'value'

/** Options of {@link lines}. */
export interface LinesOptions<
  C extends LineEncoding = LineEncoding,
  L extends TooLongPolicy = TooLongPolicy,
  T extends InvalidTextPolicy = InvalidTextPolicy,
> {
  /**
   * What ends a line. Default `either`.
   *
   * | | read | written |
   * |---|---|---|
   * | `either` | LF; one CR before it is dropped | LF |
   * | `lf` | LF; a CR before it belongs to the line | LF |
   * | `crlf` | CR LF; a lone CR or LF belongs to the line | CR LF |
   * | `strict` | CR LF; a lone CR or LF is `Malformed` | CR LF |
   */
  readonly ending?: LineEnding
  /** `utf8` (default), `latin1`, `ascii` (a byte over 127 is invalid text), or `bytes`: a view of each line. */
  readonly encoding?: C
  /**
   * A line that is no text in its encoding. `fail` (default): `Malformed`, and the stream is broken.
   * `replace`: each wrong sequence becomes U+FFFD (`ascii`: each byte over 127). `skip`: dropped.
   * `value`: lines arrive as `Either`, this one as a `Left`.
   */
  readonly invalidText?: T
  /**
   * A line over the limit. `fail` (default): `TooLong`, and the stream is broken. `skip`: dropped up
   * to its end. `value`: lines arrive as `Either`, this one as a `Left`.
   */
  readonly tooLong?: L
  /**
   * What is left when the stream ends without a line ending. `truncated` (default): the error
   * `Truncated`, for a FIN proves nothing (R13). `line`: a last line, as `printf hello | nc` sends it.
   */
  readonly unterminated?: 'truncated' | 'line'
  /** The most bytes a line may take on the wire, its ending included. Default 65,536. */
  readonly maxFrameBytes?: number
}

/** What a line of an encoding is in memory. */
export type Line<C extends LineEncoding> = C extends 'bytes' ? Uint8Array : string

/** What a decoder of lines emits: lines, or `Either`s where a policy is `value`. */
export type DecodedLine<C extends LineEncoding, P> = 'value' extends P ? Either<TooLong | Malformed, Line<C>> : Line<C>
