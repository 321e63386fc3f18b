import { DEFAULT_MAX_LINE_BYTES, lines } from '../framing/lines.ts'
import { choiceOption, expression } from '../internal/options.ts'
import type { Protocol } from '../protocol.ts'
import { layerOn } from './internal/layerOn.ts'
import type { JsonOptions } from './json.ts'
import { JSON_DEFAULTS, json } from './json.ts'

/** What {@link jsonLines} does where it is not told otherwise. */
export const JSON_LINES_DEFAULTS = {
  ...JSON_DEFAULTS,
  emptyLines: 'skip',
  maxFrameBytes: DEFAULT_MAX_LINE_BYTES,
} as const satisfies JsonLinesOptions

/** Options of {@link jsonLines}. */
export interface JsonLinesOptions extends JsonOptions {
  /** What a line without a character is: nothing (`skip`, the default), or no JSON (`fail`). Some send them to be heard. */
  readonly emptyLines?: 'skip' | 'fail'
  /** The most bytes a line may take on the wire, its ending included. Default 64 KiB. */
  readonly maxFrameBytes?: number
}

/**
 * A JSON value a line: NDJSON, JSON Lines.
 *
 * ```
 *  bytes    { " a " : 1 } LF   LF   t r u e CR LF
 *  emits    { a: 1 }                true
 * ```
 *
 * Sent are lines that end in LF. Errors are those of `lines()` and `json()`; `typed` behind it says what a
 * line must be, and where a bad line shall not end the stream, build it so that it is a value:
 * `pipe(lines(), through(attempted(json())))`.
 *
 * ```ts
 * import { jsonLines } from '@sluice/protocol'
 *
 * jsonLines().decoder().push(Buffer.from('{"a":1}\n\ntrue\n'), (value) => {
 *   console.log(value) // { a: 1 }
 *   // true
 *   return true
 * })
 * ```
 */
export const jsonLines = (options: JsonLinesOptions = {}): Protocol<unknown> => {
  const name = expression('jsonLines', options)
  const { emptyLines, maxFrameBytes, ...rest } = options
  const skips = choiceOption(name, 'emptyLines', emptyLines, ['skip', 'fail']) === 'skip'
  const text = lines(maxFrameBytes === undefined ? {} : { maxFrameBytes })
  return layerOn(text, json(rest), () => name, skips ? (line) => line === '' : undefined)
}
