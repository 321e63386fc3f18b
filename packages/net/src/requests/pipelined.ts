import { Order } from '../internal/requests/order.ts'
import type { Mode } from './mode.ts'

/** Options of {@link pipelined}. */
export interface PipelinedOptions<Res> {
  /** Which messages answer nothing. Default: none. */
  readonly isPush?: (message: Res) => boolean
}

/**
 * The peer answers in the order of the requests: Redis, SMTP, HTTP/1.1.
 *
 * ```
 *  sent      a  b  c
 *  answers   A  B  C
 * ```
 *
 * A request that has timed out, or was cancelled, keeps its place in the window until its answer has come, which is
 * dropped. A message where nothing was asked for is `UnexpectedAnswer`, and ends the connection (cause
 * `HandlerFailed`): after it no answer could be trusted.
 *
 * ```ts
 * import { client, fromDuplex, pipelined } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { PassThrough } from 'node:stream'
 * import { of } from 'rxjs'
 *
 * // the peer is a PassThrough: it answers with the question
 * const echo = client(of(fromDuplex(new PassThrough())), lines(), pipelined())
 * console.log(await echo.request('hello')()) // { _tag: 'Right', right: 'hello' }
 * await echo.close()
 * ```
 */
export const pipelined = <Req, Res>({ isPush = never }: PipelinedOptions<Res> = {}): Mode<Req, Res> => ({
  name: 'pipelined()',
  places: (isLast = always) => new Order(isPush, isLast),
})

const never = (): boolean => false

const always = (): boolean => true
