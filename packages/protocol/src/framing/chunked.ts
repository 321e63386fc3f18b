import { ChunkParse, hexValue } from '../internal/chunkParse.ts'
import { chunkBytes, lastBytes, writeChunk, writeLast } from '../internal/chunkText.ts'
import { fieldsProblem } from '../internal/fields.ts'
import { expression, limitOption } from '../internal/options.ts'
import type { Parse } from '../internal/parseDecoder.ts'
import { parseDecoder } from '../internal/parseDecoder.ts'
import { NO_BYTES, notEncodable, overLimit } from '../internal/refusal.ts'
import { DONE } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import { DEFAULT_MAX_FRAME_BYTES } from './framing.ts'
import type { Fields } from './headerFrame.ts'
import type { StepResult } from './step.ts'
import { frame } from './step.ts'

/** A message of {@link chunked}. */
export interface ChunkedBody {
  /** The data of all chunks. A view where it came in one (R20), else a copy. */
  readonly body: Uint8Array
  /** The fields behind the last chunk, often none. */
  readonly trailers: Fields
}

/** Options of {@link chunked}. */
export interface ChunkedOptions {
  /**
   * The most bytes a body may take on the wire, size lines and trailers included; so a flood of tiny chunks or long
   * extensions meets it too. Default 1 MiB (1,048,576).
   */
  readonly maxFrameBytes?: number
}

/** What {@link chunked} and `chunks` do unless told. */
export const CHUNKED_DEFAULTS = { maxFrameBytes: DEFAULT_MAX_FRAME_BYTES } as const satisfies ChunkedOptions

/**
 * A body of unknown length in chunks, each behind a line with its size in hexadecimal; an empty one is the last. A
 * message is the whole body. For bodies over any limit there is {@link chunks}, whose messages are chunks.
 *
 * ```
 *  bytes    3 CR LF a b c CR LF  2;q=1 CR LF d e CR LF  0 CR LF  X - A : 1 CR LF  CR LF
 *  emits    { body: 'abcde', trailers: [['X-A', '1']] }
 * ```
 *
 * Lines end in CR LF and nothing else. A size has at most 16 digits. Extensions are read over. Written is a body in
 * one chunk.
 *
 * Errors while decoding, the `remote` side's fault: `TooLong` (at the size line that goes over the limit, before its
 * data) · `Malformed` (no size, a chunk longer than its size, a bare CR or LF, a wrong trailer) · `Truncated` (phase
 * `chunk size`, `chunk` or `trailers`). While encoding, `local`: `NotEncodable` (a wrong trailer) · `TooLong`.
 * Throws `WrongOption` for a limit below the five bytes of an empty body.
 *
 * ```ts
 * import { chunked } from '@sluice/protocol'
 *
 * chunked().decoder().push(Buffer.from('3\r\nabc\r\n2;q=1\r\nde\r\n0\r\n\r\n'), ({ body }) => {
 *   console.log(Buffer.from(body).toString()) // abcde
 *   return true
 * })
 * ```
 *
 * Source: RFC 9112 section 7.1 (chunked transfer coding), 7.1.1 (extensions), 7.1.2 (trailers).
 */
export const chunked = (options: ChunkedOptions = {}): Protocol<ChunkedBody> => {
  const name = expression('chunked', options)
  const limit = limitOption(name, options.maxFrameBytes, CHUNKED_DEFAULTS.maxFrameBytes, lastBytes([]))
  return {
    name,
    decoder: () => parseDecoder(limit, undefined, new BodyParse()),
    encode: (message, out) => {
      const { body, trailers } = message
      if (!(body instanceof Uint8Array)) return notEncodable(name, message, NO_BYTES)
      const wrong = fieldsProblem(trailers)
      if (wrong !== null) return notEncodable(name, message, wrong)
      const total = (body.length === 0 ? 0 : chunkBytes(body.length)) + lastBytes(trailers)
      if (total > limit) return overLimit(limit, total, body)
      if (body.length > 0) writeChunk(body, '', out)
      writeLast(trailers, '', out)
      return DONE
    },
  }
}

class BodyParse implements Parse<ChunkedBody> {
  readonly #chunks = new ChunkParse()
  #bodyBytes = 0

  reset(): void {
    this.#chunks.reset()
    this.#bodyBytes = 0
  }

  resume(bytes: Uint8Array): StepResult<ChunkedBody> {
    for (;;) {
      const part = this.#chunks.next(bytes)
      if (part._tag !== 'Chunk') return part
      if (part.last) return frame({ body: bodyOf(bytes, this.#bodyBytes), trailers: part.trailers }, part.next)
      this.#bodyBytes += part.to - part.from
    }
  }
}

/** The data of a body known to be right: a second walk over its sizes costs less than to remember them. */
const bodyOf = (bytes: Uint8Array, bodyBytes: number): Uint8Array => {
  let body: Uint8Array | null = null
  let filled = 0
  for (let at = 0; filled < bodyBytes; at += 2) {
    let size = 0
    for (let digit = hexValue(bytes[at] ?? 0); digit !== -1; digit = hexValue(bytes[++at] ?? 0))
      size = size * 16 + digit
    const from = bytes.indexOf(10, at) + 1
    at = from + size
    if (size === bodyBytes) return bytes.subarray(from, at)
    body ??= new Uint8Array(bodyBytes)
    body.set(bytes.subarray(from, at), filled)
    filled += size
  }
  return body ?? new Uint8Array(0)
}
