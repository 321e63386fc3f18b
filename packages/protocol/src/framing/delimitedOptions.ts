/** Bytes, or text as its UTF-8, that end a frame. */
export type Delimiter = string | Uint8Array

/** How a frame may have its own delimiter inside; see {@link DelimitedOptions.escape}. */
export type DelimiterEscape = 'none' | 'doubled' | 'backslash' | 'dot-stuffing'

/** Options of {@link delimited}. */
export interface DelimitedOptions {
  /** Whether the delimiter is part of the message, read and written. Default false. */
  readonly keep?: boolean
  /**
   * How a frame may have its own delimiter inside. Default `none`.
   *
   * | | on the wire |
   * |---|---|
   * | `none` | not at all: such a message is `NotEncodable` |
   * | `doubled` | the first byte of a delimiter stands twice (`10 10`, where `10 03` ends the frame) |
   * | `backslash` | a backslash stands before the first byte of a delimiter, and before a backslash |
   * | `dot-stuffing` | frames are whole lines, CR LF and all, up to a line that is a dot alone; a dot that begins another line stands twice. The delimiter is `'.\r\n'` |
   */
  readonly escape?: DelimiterEscape
  /** The most bytes a whole frame may take on the wire, escapes and delimiter included. Default 1 MiB. */
  readonly maxFrameBytes?: number
}
