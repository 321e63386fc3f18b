import { checkDelimiters, delimitersOption } from '../internal/delimiters.ts'
import { delimitedEncoder, delimitedStep } from '../internal/delimitedFrames.ts'
import { dotMarking } from '../internal/dotMarking.ts'
import { backslashMarking, doubledMarking } from '../internal/escapeMarking.ts'
import { choiceOption, flagOption, limitOption } from '../internal/options.ts'
import { plainMarking } from '../internal/plainMarking.ts'
import { show } from '../internal/show.ts'
import { stepDecoder } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import type { DelimitedOptions, Delimiter } from './delimitedOptions.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'

/** What {@link delimited} does where it is not told otherwise. */
export const DELIMITED_DEFAULTS = {
  keep: false,
  escape: 'none',
  maxFrameBytes: DEFAULT_MAX_FRAME_BYTES,
} as const satisfies DelimitedOptions

/**
 * Frames that end with a delimiter, or with any of several; the first of them is the one written.
 *
 * ```
 *  bytes    a b ; ; c          delimited(';')
 *  emits    'ab'  ''           unread: c
 *
 *  bytes    a CR LF b LF       delimited(['\r\n', '\n'])
 *  emits    'a'     'b'        the earliest end wins; of two that end there, the longer one
 * ```
 *
 * Frames without escapes are views of the chunk they came in (R20), others are copies.
 *
 * Errors while decoding, all the `remote` side's fault: `TooLong` · `Malformed` (an escape that is none; with
 * `dot-stuffing` a CR or LF alone) · `Truncated` (FIN inside a frame). While encoding, `local`: `TooLong` ·
 * `NotEncodable` (a delimiter inside the frame, or one that arises at its end; a message without the delimiter
 * that it should keep; with `dot-stuffing` what is no whole lines).
 * Throws `WrongOption` for an impossible option, a delimiter that another one hides, or that its escape cannot
 * serve.
 *
 * ```ts
 * import { byteQueue, delimited } from '@sluice/protocol'
 *
 * const seen: string[] = []
 * delimited(['\r\n', '\n']).decoder().push(Buffer.from('a\r\nb\nc'), (frame) => {
 *   seen.push(Buffer.from(frame).toString())
 *   return true
 * })
 * console.log(seen) // [ 'a', 'b' ]
 *
 * const out = byteQueue()
 * delimited(';', { escape: 'backslash' }).encode(Buffer.from('a;b'), out)
 * console.log(Buffer.from(out.take()).toString()) // a\;b;
 * ```
 *
 * Source: RFC 5321 section 4.5.2 and RFC 3977 section 3.1.1 (dot-stuffing).
 */
export const delimited = (
  delimiters: Delimiter | ReadonlyArray<Delimiter>,
  options: DelimitedOptions = {},
): Protocol<Uint8Array> => {
  const given = Object.values(options).some((value) => value !== undefined) ? `, ${show(options)}` : ''
  const name = `delimited(${show(delimiters)}${given})`
  const all = delimitersOption(name, delimiters)
  const escape = choiceOption(name, 'escape', options.escape, ['none', 'doubled', 'backslash', 'dot-stuffing'])
  checkDelimiters(name, all, escape)
  const keep = flagOption(name, 'keep', options.keep, DELIMITED_DEFAULTS.keep)
  const shortest = Math.min(...all.map(({ length }) => length))
  const maxFrameBytes = limitOption(name, options.maxFrameBytes, DELIMITED_DEFAULTS.maxFrameBytes, shortest)
  const rules = { name, delimiters: all, keep, marking: MARKINGS[escape](all), maxFrameBytes }
  const plain = { maxFrameBytes, initial: undefined, step: delimitedStep(rules) }
  return { name, decoder: () => stepDecoder(plain), encode: delimitedEncoder(rules) }
}

const MARKINGS = {
  none: plainMarking,
  doubled: doubledMarking,
  backslash: backslashMarking,
  'dot-stuffing': () => dotMarking,
} as const
