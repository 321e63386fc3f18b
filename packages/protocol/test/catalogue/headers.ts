import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import type { CountedAfterLineOptions, CountedFrame } from '../../src/framing/countedAfterLine.ts'
import { countedAfterLine } from '../../src/framing/countedAfterLine.ts'
import type { HeaderFrame } from '../../src/framing/headerFrame.ts'
import type { HeaderFramedOptions } from '../../src/framing/headerFramed.ts'
import { headerFramed } from '../../src/framing/headerFramed.ts'
import { DEFAULT_MAX_FRAME_BYTES, DEFAULT_MAX_LINE_BYTES } from '../../src/index.ts'
import { REQUIRED, entry, limitsFrom, oneOf, record } from './entry.ts'

const field = fc.tuple(oneOf('X-Id', 'a', 'content-type'), oneOf('', '7', 'b c', 'ÿ'))
const textBytes = (...parts: readonly string[]) =>
  fc.array(oneOf(...parts), { maxLength: 12 }).map((all) => Uint8Array.from(Buffer.from(all.join(''), 'latin1')))

export const headerFramedEntry = entry<HeaderFramedOptions, HeaderFrame, HeaderFrame>({
  name: 'headerFramed',
  about: 'header fields that say how long the body behind them is',
  source: 'LSP 3.17 base protocol; RFC 9112 section 5',
  options: {
    lengthHeader: { default: 'Content-Length', drawn: oneOf('Content-Length', 'L', 'content-length') },
    maxHeaderBytes: { default: 8 * 1024, drawn: fc.integer({ min: 26, max: 90 }) },
    maxFrameBytes: { default: DEFAULT_MAX_FRAME_BYTES, drawn: limitsFrom(40) },
  },
  build: (options) => headerFramed(options),
  behaviour: (options) => {
    const length = (options.lengthHeader ?? 'Content-Length').length
    return {
      message: record({ headers: fc.array(field, { maxLength: 2 }), body: hostileBytes(12) }),
      refused: fc.record({
        headers: fc.array(fc.tuple(oneOf('', 'a b', 'x', 'Content-Length'), oneOf('ok', 'no\n', '€')), {
          maxLength: 2,
        }),
        body: hostileBytes(60),
      }),
      hostile: textBytes(
        'Content-Length',
        'L',
        ':',
        ' ',
        '2',
        '\r\n',
        '\r\n',
        '\r',
        '\n',
        'hi',
        'x: y\r\n',
        'L:1\r\n\r\na',
      ),
      maxFrameBytes: options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES,
      sized: {
        protocol: (maxFrameBytes) =>
          headerFramed({ lengthHeader: options.lengthHeader ?? 'Content-Length', maxFrameBytes }),
        // three digits of length for all the sizes that are tried
        message: (bytes) => ({ headers: [], body: new Uint8Array(bytes - length - 9) }),
        from: length + 9 + 100,
      },
    }
  },
})

/** `p 3` announces three bytes, `p` with anything but a number is wrong, other lines announce none. */
const count = (line: string): number | null =>
  line.startsWith('p') ? (/^p \d{1,7}$/.test(line) ? Number(line.slice(2)) : NaN) : null

const counted: fc.Arbitrary<CountedFrame> = fc.oneof(
  hostileBytes(12).map((body) => ({ line: `p ${String(body.length)}`, body })),
  oneOf('', 'get k', 'é', 'q\r').map((line) => ({ line, body: null })),
)

export const countedEntry = entry<CountedAfterLineOptions, CountedFrame, CountedFrame>({
  name: 'countedAfterLine',
  about: 'a line that may announce a counted body',
  source: 'memcached doc/protocol.txt; RFC 3030 section 2',
  options: {
    count: { default: REQUIRED, drawn: fc.constant(count) },
    ending: { default: 'strict', drawn: oneOf('strict', 'crlf', 'lf') },
    encoding: { default: 'utf8', drawn: oneOf('utf8', 'latin1') },
    terminator: { default: '\r\n', drawn: oneOf('\r\n', '', '.'), says: 'what ends a line' },
    maxLineBytes: { default: DEFAULT_MAX_LINE_BYTES, drawn: fc.integer({ min: 8, max: 20 }) },
    maxFrameBytes: { default: DEFAULT_MAX_FRAME_BYTES, drawn: limitsFrom(20) },
  },
  build: (options) => countedAfterLine(options),
  behaviour: (options) => {
    const { ending, terminator = ending === 'lf' ? '\n' : '\r\n' } = options
    const around = 'p 100'.length + (ending === 'lf' ? 1 : 2) + terminator.length
    const { maxFrameBytes: _limit, maxLineBytes: _line, ...rest } = options
    return {
      message: counted,
      refused: fc.oneof(
        counted,
        fc.record({ line: oneOf('p 1', 'p x', 'a\nb', '\r', 'q'), body: fc.option(hostileBytes(3)) }),
      ),
      hostile: textBytes('p ', '1', '3', 'q', '\r\n', '\r\n', '\n', '\r', 'abc', 'Ã', '©', '.'),
      maxFrameBytes: options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES,
      sized: {
        protocol: (maxFrameBytes) => countedAfterLine({ ...rest, maxFrameBytes }),
        message: (bytes) => ({ line: `p ${String(bytes - around)}`, body: new Uint8Array(bytes - around) }),
        from: around + 100,
      },
    }
  },
})
