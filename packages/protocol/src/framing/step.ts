import type { DecodeError } from '../errors.ts'

/**
 * What a pure step says of the unread bytes. A framing is written as one such function; the engine
 * ({@link framing}) does the rest: chunk borders, limits, stops, errors.
 *
 * | result | meaning |
 * |---|---|
 * | {@link frame} | the first `length` bytes are a frame |
 * | {@link need} | a frame of at least `total` bytes begins here; ask again when they are there |
 * | {@link more} | no end in sight; ask again when any more bytes are there |
 * | {@link skip} | the first `length` bytes are no part of any frame |
 * | {@link fail} | the stream is broken |
 * | {@link refuse} | the same, with an error of the step's own |
 *
 * @typeParam A the message of a frame
 * @typeParam S what one step hands to the next, where it must remember something
 */
export type StepResult<A, S = undefined> =
  | { readonly _tag: 'Frame'; readonly message: A; readonly length: number; readonly state: S | undefined }
  | { readonly _tag: 'Need'; readonly total: number; readonly phase: string }
  | { readonly _tag: 'More'; readonly scanned: number; readonly phase: string }
  | { readonly _tag: 'Skip'; readonly length: number; readonly state: S | undefined }
  | { readonly _tag: 'Fail'; readonly what: string; readonly at: number }
  | { readonly _tag: 'Refuse'; readonly error: DecodeError }

/** The results that take no bytes: those of {@link need}, {@link more}, {@link fail} and {@link refuse}. */
export type NoFrame = Extract<StepResult<never, never>, { readonly _tag: 'Need' | 'More' | 'Fail' | 'Refuse' }>

/**
 * The first `length` bytes are a frame, and `message` is what they mean. `state` is what the next
 * step is given (default: as it was).
 */
export const frame = <A, S = undefined>(message: A, length: number, state?: S): StepResult<A, S> => ({
  _tag: 'Frame',
  message,
  length,
  state,
})

/**
 * A frame begins here and takes at least `total` bytes, counted from its first. The engine holds
 * `total` against the limit now (`TooLong { announced }`), before anything is buffered, and does not
 * call the step again until the bytes are there. `phase` is what a FIN would cut.
 */
export const need = (total: number, phase: string): NoFrame => ({ _tag: 'Need', total, phase })

/**
 * A frame begins here and its end is not in sight. `scanned` bytes need not be looked at again: the
 * step is given that number back, so that a dripped frame is searched once. When the limit is
 * reached the engine answers `TooLong { seen }`.
 */
export const more = (scanned: number, phase: string): NoFrame => ({ _tag: 'More', scanned, phase })

/** The first `length` bytes (at least one) are dropped: padding, or the rest of a frame given up. */
export const skip = <S = undefined>(length: number, state?: S): StepResult<never, S> => ({
  _tag: 'Skip',
  length,
  state,
})

/**
 * The stream is broken: `what` completes the sentence "the stream has …", `at` is the offending
 * byte, counted from the first unread one. Becomes `Malformed`.
 */
export const fail = (what: string, at: number): NoFrame => ({ _tag: 'Fail', what, at })

/**
 * The stream is broken, and `error` says how, its offsets counted from the beginning of the stream: what a limit
 * inside the frame, or a decoder within the step, has found. It answers an {@link End} too.
 */
export const refuse = (error: DecodeError): Extract<NoFrame, { readonly _tag: 'Refuse' }> => ({ _tag: 'Refuse', error })

/** What the end of the stream makes of the unread bytes; see {@link framing}. */
export type EndResult<A> =
  | { readonly _tag: 'Frame'; readonly message: A }
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'Truncated'; readonly phase?: string }
  | { readonly _tag: 'Fail'; readonly what: string; readonly at: number }
  | { readonly _tag: 'Refuse'; readonly error: DecodeError }

/** See {@link FramingOptions.step}. */
export type Step<A, S = undefined> = (bytes: Uint8Array, scanned: number, state: S, offset: number) => StepResult<A, S>

/** See {@link FramingOptions.end}. */
export type End<A, S = undefined> = (bytes: Uint8Array, state: S, offset: number) => EndResult<A>
