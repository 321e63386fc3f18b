import type { Places } from '../internal/requests/places.ts'

/**
 * How answers find their requests: a value, made by `pipelined`, `correlated` or `streaming`.
 *
 * - `Req`: what is asked with
 * - `Res`: what the protocol reads, and so the answers
 * - `Out`: what the protocol sends
 */
export interface Mode<Req, Res, Out = Req> {
  /** Prints as the expression that built it. */
  readonly name: string
  /** Fresh places for the requests of one connection. Without `isLast` each answer is the last one. */
  readonly places: (isLast?: (answer: Res) => boolean) => Places<Req, Res, Out>
}
