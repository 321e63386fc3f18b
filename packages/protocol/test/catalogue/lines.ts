import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import type { LinesOptions } from '../../src/index.ts'
import { DEFAULT_MAX_LINE_BYTES, lines } from '../../src/index.ts'
import { ENCODINGS, ENDINGS, lineBytes, readBack } from '../lineCases.ts'
import { entry, limitsFrom, oneOf } from './entry.ts'

const text = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '\0', '\r', 'é', 'ÿ', '€', '😀', '\ufeff', '\ufffd'),
  maxLength: 8,
})
const broken = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '€', '\ud83d'), maxLength: 4 })

/** The bytes of a line without its ending. */
const room = (bytes: number, { ending }: LinesOptions): number =>
  bytes - (ending === 'crlf' || ending === 'strict' ? 2 : 1)

export const linesEntry = entry<LinesOptions, unknown, string | Uint8Array>({
  name: 'lines',
  about: 'text up to a line ending',
  options: {
    ending: { default: 'either', drawn: oneOf(...ENDINGS) },
    encoding: { default: 'utf8', drawn: oneOf(...ENCODINGS) },
    invalidText: { default: 'fail', drawn: oneOf('fail', 'replace', 'skip', 'value') },
    tooLong: { default: 'fail', drawn: oneOf('fail', 'skip', 'value') },
    unterminated: { default: 'truncated', drawn: oneOf('truncated', 'line') },
    maxFrameBytes: { default: DEFAULT_MAX_LINE_BYTES, drawn: limitsFrom(2) },
  },
  build: (options) => lines(options),
  behaviour: (options) => ({
    message: options.encoding === 'bytes' ? hostileBytes(8) : text,
    refused: fc.oneof(text, broken, lineBytes(8)),
    read: readBack(options),
    hostile: lineBytes(),
    maxFrameBytes: options.maxFrameBytes ?? DEFAULT_MAX_LINE_BYTES,
    truncates: options.unterminated !== 'line',
    sized: {
      protocol: (maxFrameBytes) => lines({ ...options, tooLong: 'fail', maxFrameBytes }),
      message: (bytes) =>
        options.encoding === 'bytes'
          ? new Uint8Array(room(bytes, options)).fill(120)
          : 'x'.repeat(room(bytes, options)),
      from: 2,
    },
  }),
  exempt: { truncation: "not with unterminated 'line', which makes a last line of what is left" },
})
