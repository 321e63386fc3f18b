import fc from 'fast-check'
import { DELIMITED_DEFAULTS, delimited } from '../../src/framing/delimited.ts'
import type { DelimitedOptions, Delimiter } from '../../src/framing/delimitedOptions.ts'
import { REQUIRED, entry, limitsFrom, oneOf } from './entry.ts'

interface EveryOption extends DelimitedOptions {
  readonly delimiters: Delimiter | ReadonlyArray<Delimiter>
}

const all = (delimiters: EveryOption['delimiters']): ReadonlyArray<Uint8Array> =>
  (typeof delimiters === 'string' || delimiters instanceof Uint8Array ? [delimiters] : delimiters).map((one) =>
    typeof one === 'string' ? Uint8Array.from(Buffer.from(one)) : one,
  )

/** Whole and halved delimiters, escapes, and a few bytes that mean nothing. */
const pieces = (delimiters: ReadonlyArray<Uint8Array>, more: ReadonlyArray<string> = []): fc.Arbitrary<Uint8Array> =>
  fc
    .array(
      fc.oneof(
        oneOf(...delimiters.flatMap((one) => [one, one.subarray(0, 1), one.subarray(1)])),
        oneOf('x', 'ab', '\\', '.', '\r\n', ...more).map((text) => Buffer.from(text)),
      ),
      { maxLength: 8 },
    )
    .map((parts) => Uint8Array.from(Buffer.concat(parts)))

const wholeLines = fc
  .array(oneOf('', 'x', '.', '..', '.x', 'x.'), { maxLength: 4 })
  .map((lines) => Uint8Array.from(Buffer.from(lines.map((line) => `${line}\r\n`).join(''))))

const content = (
  delimiters: ReadonlyArray<Uint8Array>,
  escape: DelimitedOptions['escape'],
): fc.Arbitrary<Uint8Array> => {
  const harmless = fc.uint8Array({ maxLength: 6 }).map((bytes) => bytes.fill(0x78))
  if (escape === 'dot-stuffing') return wholeLines
  return escape === undefined || escape === 'none' ? fc.oneof(harmless, pieces(delimiters)) : pieces(delimiters)
}

export const delimitedEntry = entry<EveryOption, Uint8Array, Uint8Array>({
  name: 'delimited',
  about: 'bytes up to a delimiter',
  source: 'RFC 5321 section 4.5.2 and RFC 3977 section 3.1.1 for `dot-stuffing`',
  options: {
    delimiters: {
      default: REQUIRED,
      drawn: fc.oneof(
        oneOf<Delimiter>(';', '\r\n', 'aba', '\x10\x03', Uint8Array.of(0, 1, 0, 0), '.\r\n', '.\r\n'),
        oneOf<ReadonlyArray<Delimiter>>(['\n', '\r\n'], ['\r\n', '\n'], [';', ','], ['ab', 'xb'], ['abx', 'acx', 'xa']),
      ),
    },
    keep: { default: DELIMITED_DEFAULTS.keep, drawn: fc.boolean() },
    escape: { default: DELIMITED_DEFAULTS.escape, drawn: oneOf('none', 'doubled', 'backslash', 'dot-stuffing') },
    maxFrameBytes: { default: DELIMITED_DEFAULTS.maxFrameBytes, drawn: limitsFrom(8) },
  },
  build: ({ delimiters, ...options }) => delimited(delimiters, options),
  behaviour: ({ delimiters, ...options }) => {
    const list = all(delimiters)
    const [first = new Uint8Array(0)] = list
    const ended = (bytes: Uint8Array, end: Uint8Array) =>
      options.keep === true ? Uint8Array.from(Buffer.concat([bytes, end])) : bytes
    const dots = options.escape === 'dot-stuffing'
    const filled = (size: number) => Buffer.from(dots ? 'y'.repeat(size - 2).concat('\r\n') : 'y'.repeat(size))
    return {
      message: fc.tuple(content(list, options.escape), oneOf(...list)).map((parts) => ended(...parts)),
      refused: pieces(list, ['\r', '\n']),
      hostile: pieces(list, ['\r', '\n', '\\\\']),
      maxFrameBytes: options.maxFrameBytes ?? DELIMITED_DEFAULTS.maxFrameBytes,
      sized: {
        protocol: (maxFrameBytes) => delimited(delimiters, { ...options, maxFrameBytes }),
        message: (bytes) => ended(filled(bytes - first.length), first),
        from: first.length + (dots ? 2 : 0),
      },
    }
  },
})
