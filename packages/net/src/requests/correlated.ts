import { wholeOption } from '../internal/options.ts'
import { Ids } from '../internal/requests/ids.ts'
import type { Mode } from './mode.ts'

/** Options of {@link correlated}. */
export interface CorrelatedOptions<Req, Res, Out> {
  /** The id in an answer; `undefined`: it answers nothing, and goes to `pushes$`. */
  readonly idOf: (message: Res) => number | undefined
  /** The message to send for a request. Ids count from 1 on each connection. */
  readonly withId: (request: Req, id: number) => Out
  /** What tells the peer that nobody waits for the answer any more. Default: nothing does. */
  readonly cancel?: (id: number) => Out
  /** The highest id; after it they begin anew, without those that may still be answered. Default 2^53 - 1. */
  readonly maxId?: number
}

/**
 * Answers come in any order, each with the id of its request: JSON-RPC, Kafka, most RPC protocols.
 *
 * ```
 *  sent      1:a  2:b  3:c
 *  answers   3:C  1:A  2:B
 * ```
 *
 * A request that has timed out, or was cancelled, leaves its place in the window at once. Its id is not given again
 * until its answer has come, which is dropped. An answer with an id that was never given is dropped as well.
 *
 * Throws `WrongOption` where `maxId` is no whole number from 1 on.
 *
 * ```ts
 * import { client, fromDuplex, correlated } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { PassThrough } from 'node:stream'
 * import { of } from 'rxjs'
 *
 * // `7 hello`: the id, and the rest; the peer is a PassThrough
 * const mode = correlated<string, string, string>({
 *   idOf: (line) => parseInt(line),
 *   withId: (text, id) => `${String(id)} ${text}`,
 * })
 * const echo = client(of(fromDuplex(new PassThrough())), lines(), mode)
 * console.log(await echo.request('hello')()) // { _tag: 'Right', right: '1 hello' }
 * await echo.close()
 * ```
 */
export const correlated = <Req, Res, Out>({
  idOf,
  withId,
  cancel,
  maxId,
}: CorrelatedOptions<Req, Res, Out>): Mode<Req, Res, Out> => {
  const identity = { idOf, withId, cancel, maxId: wholeOption('correlated()', 'maxId', maxId, Number.MAX_SAFE_INTEGER) }
  return { name: 'correlated()', places: (isLast = always) => new Ids(identity, isLast) }
}

const always = (): boolean => true
