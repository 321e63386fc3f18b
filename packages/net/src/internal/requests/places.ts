import type { Asked } from './asked.ts'

/**
 * Whose answer a message is: a request's; `late`, of one nobody waits for any more; `push`, of none; `unasked`,
 * where that must not be.
 */
export type Owner<Req, Res, Out> = Asked<Req, Res, Out> | 'late' | 'push' | 'unasked'

/** The requests in flight on one connection, and how answers find them. */
export interface Places<Req, Res, Out> {
  /** How many of the window are taken. */
  readonly taken: number
  /** Whether one more may be sent where `window` may be in flight. */
  room(window: number): boolean
  /** Takes a place, and answers what is to be sent. Throws what functions of the user throw; then none is taken. */
  begin(asked: Asked<Req, Res, Out>, request: Req): Out
  /** Nothing was sent: the place that was taken last is free again. */
  undo(asked: Asked<Req, Res, Out>): void
  /** Nobody waits any more for what was sent; answers what tells the peer so, if anything does. */
  leave(asked: Asked<Req, Res, Out>): Out | undefined
  /** Finds whose answer it is, and frees the place where it is the last one. */
  owner(message: Res): Owner<Req, Res, Out>
  /** Whether what was found by `owner` was the last answer of its request. */
  readonly last: boolean
  /** All that wait for an answer, in the order they were sent. */
  readonly waiting: readonly Asked<Req, Res, Out>[]
}
