import type { DecodeError, Decoder } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from 'fp-ts/lib/Either.js'
import { Misbehaviour, listener } from './internal/listener.ts'
import { same, show } from './internal/same.ts'

/** Everything a decoder said to one stream. */
export interface Transcript<In> {
  readonly messages: ReadonlyArray<In>
  readonly outcome: Outcome
}

/** How a stream went out: well, with an error as it may, or in a way no decoder may. */
export type Outcome =
  | { readonly _tag: 'Well' }
  | { readonly _tag: 'Failed'; readonly error: DecodeError }
  | { readonly _tag: 'Misbehaved'; readonly what: string }

/** How a {@link transcript} is taken. */
export interface TranscriptOptions {
  /** The messages, counted from 0, after which `emit` answers false. Default none. */
  readonly stops?: ReadonlyArray<number>
  /** Whether the next chunk is pushed into a stopped decoder, instead of empty ones first. Default no. */
  readonly impatient?: boolean
  /** Whether the stream ends after the last chunk. Default yes. */
  readonly end?: boolean
}

const NOTHING = new Uint8Array(0)

/**
 * Feeds chunks to a decoder, then the end, and writes down what it says.
 *
 * ```
 *  push 'ab\nc', push 'd\n', end     { messages: ['ab', 'cd'], outcome: Well }
 *  push 'ab\nc', end                 { messages: ['ab'], outcome: Failed(Truncated) }
 * ```
 *
 * Nothing is thrown: a decoder that throws, emits after a stop, or emits without end has
 * `Misbehaved`, and the messages are those until then.
 */
export const transcript = <In>(
  decoder: Decoder<In>,
  chunks: ReadonlyArray<Uint8Array>,
  options: TranscriptOptions = {},
): Transcript<In> => {
  const { impatient = false, end = true } = options
  const listening = listener<In>(chunks, options.stops)
  const push = (chunk: Uint8Array) => listening.call(() => decoder.push(chunk, listening.emit))
  const empty = (result: Either<DecodeError, void>) => {
    let last = result
    while (listening.stopped() && !isLeft(last)) last = push(NOTHING)
    return last
  }
  const feed = (): Either<DecodeError, void> | null => {
    let result: Either<DecodeError, void> | null = null
    for (const chunk of chunks) {
      result = impatient ? push(chunk) : empty(push(chunk))
      if (isLeft(result)) return result
    }
    if (!end) return result === null ? null : empty(result)
    do result = listening.call(() => decoder.end(listening.emit))
    while (listening.stopped() && !isLeft(result))
    return result
  }
  const messages = listening.messages
  try {
    const result = feed()
    return { messages, outcome: result !== null && isLeft(result) ? failed(result.left) : { _tag: 'Well' } }
  } catch (thrown) {
    const what = thrown instanceof Misbehaviour ? thrown.message : `the decoder threw ${show(thrown)}`
    return { messages, outcome: { _tag: 'Misbehaved', what } }
  }
}

const failed = (error: DecodeError): Outcome => ({ _tag: 'Failed', error })

/** Whether two streams went out alike; errors by their tag and fields except excerpts of bytes. */
export const sameOutcome = (a: Outcome, b: Outcome): boolean => same(a, b)

/** An outcome as a person reads it. */
export const showOutcome = (outcome: Outcome): string =>
  outcome._tag === 'Well' ? 'no error' : outcome._tag === 'Failed' ? show(outcome.error) : outcome.what
