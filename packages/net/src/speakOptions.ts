import type { Invalid } from '@sluice/protocol'
import type { Clocks } from './clocks.ts'

/**
 * What becomes of a frame that is whole and no message: `Invalid`, of a codec that `through` has put on the protocol.
 *
 * | policy | |
 * |---|---|
 * | `fail` | it is an error of the protocol, and ends the connection |
 * | `skip` | it is counted (`figures.invalid`), told as the event `Invalid`, and left out |
 * | `{ answer }` | counted and told as well, and what `answer` makes of it is sent, before anything the handler says of later messages |
 */
export type InvalidPolicy<Out> = 'fail' | 'skip' | { readonly answer: (error: Invalid) => Out }

/** Options of `speak` and `serve`. */
export interface SpeakOptions<Out = never> {
  /** Clocks for the conversation. Default: those of the connection. */
  readonly clocks?: Clocks
  /** What becomes of a frame that is no message. Default `fail`. */
  readonly invalid?: InvalidPolicy<Out>
}

/** Options of `speak` and `serve` with a handler that takes frames that are no message as values. */
export interface SpeakEitherOptions extends Omit<SpeakOptions, 'invalid'> {
  /** The input of the handler is `Either`: messages are `Right`, and what is none is `Left`. */
  readonly invalid: 'either'
}
