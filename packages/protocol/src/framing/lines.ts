import { fastLines } from '../internal/fastLines.ts'
import { lineEncoder } from '../internal/lineEncoder.ts'
import { lineRules } from '../internal/lineRules.ts'
import { lineEnd, lineStep } from '../internal/lineStep.ts'
import { choiceOption, expression, limitOption } from '../internal/options.ts'
import { stepDecoder } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import type { DecodedLine, InvalidTextPolicy, Line, LineEncoding, LinesOptions, TooLongPolicy } from './lineOptions.ts'

/** The default limit of a line, in bytes, its ending included: 64 KiB. */
export const DEFAULT_MAX_LINE_BYTES = 64 * 1024

/**
 * Lines of text.
 *
 * ```
 *  bytes    a n n LF h i CR LF b y
 *  emits    'ann'   'hi'            unread: by
 * ```
 *
 * A character cut in two by the network is whole again (R5), and no line is longer than the limit
 * (R16). Lines of text do not pin the chunk they came in beyond its own text; with `bytes` they are
 * views (R20).
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` · `Malformed` (invalid text; a bare
 * CR or LF where `strict`) · `Truncated` (FIN inside a line). While encoding, `local`: `NotEncodable`
 * (a line ending inside the line, a character its encoding has not) · `TooLong`.
 * Throws `WrongOption` for an unknown word or a limit that has no room for a line.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 *
 * const seen: string[] = []
 * const decoder = lines().decoder()
 * decoder.push(Buffer.from('ann\nhi\r\nby'), (line) => {
 *   seen.push(line)
 *   return true
 * })
 * console.log(seen) // [ 'ann', 'hi' ]
 * console.log(Buffer.from(decoder.unread()).toString()) // by
 * ```
 */
export const lines = <
  C extends LineEncoding = 'utf8',
  L extends TooLongPolicy = 'fail',
  T extends InvalidTextPolicy = 'fail',
>(
  options: LinesOptions<C, L, T> = {},
): Protocol<DecodedLine<C, L | T>, Line<C>> => {
  const name = expression('lines', options)
  const ending = choiceOption(name, 'ending', options.ending, ['either', 'lf', 'crlf', 'strict'])
  const endingBytes = ending === 'crlf' || ending === 'strict' ? 2 : 1
  const rules = lineRules({
    ending,
    encoding: choiceOption<LineEncoding>(name, 'encoding', options.encoding, ['utf8', 'latin1', 'ascii', 'bytes']),
    invalidText: choiceOption<InvalidTextPolicy>(name, 'invalidText', options.invalidText, [
      'fail',
      'replace',
      'skip',
      'value',
    ]),
    tooLong: choiceOption<TooLongPolicy>(name, 'tooLong', options.tooLong, ['fail', 'skip', 'value']),
    unterminated: choiceOption(name, 'unterminated', options.unterminated, ['truncated', 'line']),
    maxFrameBytes: limitOption(name, options.maxFrameBytes, DEFAULT_MAX_LINE_BYTES, endingBytes),
  })
  const plain = {
    maxFrameBytes: rules.maxFrameBytes,
    initial: false,
    step: lineStep(rules),
    end: lineEnd(rules),
    copies: rules.encoding !== 'bytes',
  }
  const protocol: Protocol<unknown, string | Uint8Array> = {
    name,
    decoder: () => fastLines(rules, stepDecoder(plain)),
    encode: lineEncoder(name, rules),
  }
  return protocol as Protocol<DecodedLine<C, L | T>, Line<C>>
}
