import { ChunkParse } from '../internal/chunkParse.ts'
import { chunkBytes, lastBytes, writeChunk, writeLast } from '../internal/chunkText.ts'
import { fieldsProblem } from '../internal/fields.ts'
import { buffer } from '../internal/lineRules.ts'
import { expression, limitOption } from '../internal/options.ts'
import type { Parse } from '../internal/parseDecoder.ts'
import { parseDecoder } from '../internal/parseDecoder.ts'
import { NO_BYTES, notEncodable, overLimit } from '../internal/refusal.ts'
import { DONE } from '../internal/stepDecoder.ts'
import type { Protocol } from '../protocol.ts'
import type { ChunkedOptions } from './chunked.ts'
import { CHUNKED_DEFAULTS } from './chunked.ts'
import type { Fields } from './headerFrame.ts'
import type { EndResult, StepResult } from './step.ts'
import { frame } from './step.ts'

/** A message of {@link chunks}: a piece of a body, or its end. */
export type Chunk =
  | {
      readonly _tag: 'Data'
      /** At least one byte. A view (R20). */
      readonly data: Uint8Array
      /** What stands behind the size, as it stands there: `;name=value`, most often nothing. */
      readonly extensions: string
    }
  | { readonly _tag: 'Last'; readonly trailers: Fields; readonly extensions: string }

/**
 * The chunks of bodies, one by one: what {@link chunked} joins. For bodies that are too long to be held, or without
 * an end, such as event streams.
 *
 * ```
 *  bytes    3 CR LF a b c CR LF  2;q=1 CR LF d e CR LF  0 CR LF CR LF
 *  emits    Data 'abc'           Data 'de' (';q=1')     Last
 * ```
 *
 * The limit is that of one chunk with its size line, or of the last one with its trailers; a body has none. A body is
 * whole at its last chunk: a FIN between two others is `Truncated` (phase `body`).
 *
 * Options, limit and errors as {@link chunked}; besides, a chunk of no data and a wrong extension are `NotEncodable`.
 *
 * ```ts
 * import { chunks } from '@sluice/protocol'
 *
 * chunks().decoder().push(Buffer.from('3\r\nabc\r\n0\r\n\r\n'), (chunk) => {
 *   const text = chunk._tag === 'Data' ? Buffer.from(chunk.data).toString() : 'the end'
 *   console.log(text) // abc
 *   // the end
 *   return true
 * })
 * ```
 *
 * Source: RFC 9112 section 7.1; section 8 (a body without its last chunk is incomplete).
 */
export const chunks = (options: ChunkedOptions = {}): Protocol<Chunk> => {
  const name = expression('chunks', options)
  const limit = limitOption(name, options.maxFrameBytes, CHUNKED_DEFAULTS.maxFrameBytes, chunkBytes(1))
  return {
    name,
    decoder: () => parseDecoder(limit, false, new OneChunk()),
    encode: (message, out) => {
      const wrong = problem(message)
      if (wrong !== null) return notEncodable(name, message, wrong)
      const { extensions } = message
      const last = message._tag === 'Last'
      const total = last ? lastBytes(message.trailers, extensions) : chunkBytes(message.data.length, extensions)
      if (total > limit) return overLimit(limit, total, last ? new Uint8Array(0) : message.data)
      if (last) writeLast(message.trailers, extensions, out)
      else writeChunk(message.data, extensions, out)
      return DONE
    },
  }
}

/** The state says whether a body is begun. */
class OneChunk implements Parse<Chunk, boolean> {
  readonly #chunks = new ChunkParse()

  reset(): void {
    this.#chunks.reset()
  }

  resume(bytes: Uint8Array): StepResult<Chunk, boolean> {
    const part = this.#chunks.next(bytes)
    if (part._tag !== 'Chunk') return part
    const extensions = buffer(bytes.subarray(...part.extensions)).toString('latin1')
    return part.last
      ? frame<Chunk, boolean>({ _tag: 'Last', trailers: part.trailers, extensions }, part.next, false)
      : frame<Chunk, boolean>({ _tag: 'Data', data: bytes.subarray(part.from, part.to), extensions }, part.next, true)
  }

  end(bytes: Uint8Array, _offset: number, begun: boolean): EndResult<Chunk> {
    if (bytes.length > 0) return { _tag: 'Truncated' }
    return begun ? { _tag: 'Truncated', phase: 'body' } : { _tag: 'Nothing' }
  }
}

const EXTENSIONS = /^(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/

const problem = (chunk: Chunk): string | null => {
  if (!EXTENSIONS.test(chunk.extensions)) return 'extensions that do not begin with a semicolon, or cannot be sent'
  if (chunk._tag === 'Last') return fieldsProblem(chunk.trailers)
  if (!(chunk.data instanceof Uint8Array)) return NO_BYTES
  return chunk.data.length === 0 ? 'a chunk of no data, which ends the body' : null
}
