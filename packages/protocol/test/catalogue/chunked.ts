import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import type { ChunkedBody, ChunkedOptions } from '../../src/framing/chunked.ts'
import { chunked } from '../../src/framing/chunked.ts'
import type { Chunk } from '../../src/framing/chunks.ts'
import { chunks } from '../../src/framing/chunks.ts'
import { DEFAULT_MAX_FRAME_BYTES } from '../../src/index.ts'
import { entry, limitsFrom, oneOf, record } from './entry.ts'

const source = 'RFC 9112 section 7.1'
const trailers = fc.array(fc.tuple(oneOf('X-A', 'b'), oneOf('', '1', 'c d')), { maxLength: 2 })
const wrongTrailers = fc.array(fc.tuple(oneOf('', 'a b', 'x'), oneOf('ok', 'no\n', '€')), { maxLength: 2 })
const hostile = fc
  .array(
    oneOf('0', '1', '3', 'a', 'F', '\r\n', '\r\n', '\r', '\n', ';q=1', 'abc', 'x: y\r\n', '0\r\n\r\n', '3\r\nabc\r\n'),
    {
      maxLength: 12,
    },
  )
  .map((parts) => Uint8Array.from(Buffer.from(parts.join(''))))

export const chunkedEntry = entry<ChunkedOptions, ChunkedBody, ChunkedBody>({
  name: 'chunked',
  about: 'a body in sized chunks, an empty one last',
  source,
  options: { maxFrameBytes: { default: DEFAULT_MAX_FRAME_BYTES, drawn: limitsFrom(8) } },
  build: (options) => chunked(options),
  behaviour: ({ maxFrameBytes = DEFAULT_MAX_FRAME_BYTES }) => ({
    message: record({ body: hostileBytes(20), trailers }),
    refused: record({ body: hostileBytes(40), trailers: wrongTrailers }),
    hostile,
    maxFrameBytes,
    sized: {
      protocol: (limit) => chunked({ maxFrameBytes: limit }),
      // three digits of size and two line endings, then the five bytes of the last chunk
      message: (bytes) => ({ body: new Uint8Array(bytes - 7 - 5), trailers: [] }),
      from: 256 + 7 + 5,
    },
  }),
})

const extensions = oneOf('', ';q=1', ' ; a="b"')
const last: fc.Arbitrary<Chunk> = record({ _tag: fc.constant('Last' as const), trailers, extensions })
const data = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Chunk> =>
  record({ _tag: fc.constant('Data' as const), data: bytes, extensions })

const APART = 'a stream is well only where a body ends, so messages do not stand alone: tested by hand'

export const chunksEntry = entry<ChunkedOptions, Chunk, Chunk>({
  name: 'chunks',
  about: 'the chunks of such a body, one by one',
  source,
  options: { maxFrameBytes: { default: DEFAULT_MAX_FRAME_BYTES, drawn: limitsFrom(8) } },
  build: (options) => chunks(options),
  behaviour: ({ maxFrameBytes = DEFAULT_MAX_FRAME_BYTES }) => ({
    message: fc.oneof(last, data(fc.uint8Array({ minLength: 1, maxLength: 20 }))),
    refused: fc.oneof(
      data(hostileBytes(40)),
      record({ _tag: fc.constant('Last' as const), trailers: wrongTrailers, extensions: oneOf('', 'q', ';\n') }),
    ),
    hostile,
    maxFrameBytes,
    except: ['truncation', 'roundTrip'],
  }),
  exempt: { roundTrip: APART, truncation: APART, limits: APART },
})
