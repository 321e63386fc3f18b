import * as E from 'fp-ts/lib/Either.js'
import type { Parse } from '../internal/parseDecoder.ts'
import { parseDecoder } from '../internal/parseDecoder.ts'
import { endedWith, shifted } from '../internal/shifted.ts'
import { DONE } from '../internal/stepDecoder.ts'
import { Turn } from '../internal/turn.ts'
import type { Protocol } from '../protocol.ts'
import type { EndResult, StepResult } from './step.ts'
import { frame, more, refuse } from './step.ts'

/**
 * Each message behind a header of its own: one frame of `header`, one of `protocol`, and so on. The pair is the frame:
 * until both are there nothing is taken.
 *
 * ```
 *  bytes    07 | 02 68 69           09 | 01 …
 *  emits    [ 07, 'hi' ]            unread: 09 01 …
 * ```
 *
 * Each part keeps its own limit, so a frame takes at most both. Where the header comes once, before all messages, it is
 * `andThen`.
 *
 * Errors are those of the two protocols, with offsets from the beginning of the stream, or, where they are values, of the part; a FIN behind a header is
 * `Truncated` too, the header counted in.
 *
 * ```ts
 * import { byteQueue, lines, prefixed } from '@sluice/protocol'
 *
 * const tagged = prefixed(lines(), lines({ ending: 'crlf' }))
 * const out = byteQueue()
 * tagged.encode(['#7', 'hello'], out)
 * tagged.decoder().push(out.take(), (pair) => {
 *   console.log(pair) // [ '#7', 'hello' ]
 *   return true
 * })
 * ```
 */
export const prefixed = <H, A, HOut = H, B = A>(
  header: Protocol<H, HOut>,
  protocol: Protocol<A, B>,
): Protocol<readonly [header: H, message: A], readonly [header: HOut, message: B]> => ({
  name: `prefixed(${header.name}, ${protocol.name})`,
  decoder: () => parseDecoder(Infinity, undefined, new PairParse(header, protocol)),
  encode: ([first, second], out) => {
    const before = out.length
    const written = header.encode(first, out)
    if (E.isLeft(written)) return written
    const result = protocol.encode(second, out)
    if (E.isLeft(result)) out.truncate(before)
    return E.isLeft(result) ? result : DONE
  },
})

class PairParse<H, A> implements Parse<readonly [H, A]> {
  readonly #header: Turn<H>
  readonly #message: Turn<A>
  /** The header, and how many bytes it takes. */
  #head: { readonly message: H; readonly length: number } | null = null

  constructor(header: Protocol<H, never>, protocol: Protocol<A, never>) {
    this.#header = new Turn(header)
    this.#message = new Turn(protocol)
  }

  reset(): void {
    this.#header.reset()
    this.#message.reset()
    this.#head = null
  }

  resume(bytes: Uint8Array, offset: number): StepResult<readonly [H, A]> {
    if (this.#head === null) {
      const taken = this.#header.take(bytes)
      if (taken._tag === 'Waiting') return more(0, 'header')
      if (taken._tag === 'Error') return refuse(shifted(taken.error, offset))
      this.#head = taken
    }
    const { message, length } = this.#head
    const taken = this.#message.take(bytes.subarray(length))
    if (taken._tag === 'Waiting') return more(0, BEHIND)
    if (taken._tag === 'Error') return refuse(shifted(taken.error, offset + length))
    return frame([message, taken.message], length + taken.length)
  }

  end(bytes: Uint8Array, offset: number): EndResult<readonly [H, A]> {
    if (bytes.length === 0) return { _tag: 'Nothing' }
    if (this.#head === null) {
      const taken = this.#header.end()
      return taken._tag === 'Error' ? endedWith(taken.error, bytes, offset, 0) : { _tag: 'Truncated', phase: BEHIND }
    }
    const { message, length } = this.#head
    const taken = this.#message.end()
    if (taken._tag === 'Message') return { _tag: 'Frame', message: [message, taken.message] }
    return taken._tag === 'Error' ? endedWith(taken.error, bytes, offset, length) : { _tag: 'Truncated', phase: BEHIND }
  }
}

const BEHIND = 'frame behind its header'
