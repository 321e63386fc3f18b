import type { ObservableInput, OperatorFunction } from 'rxjs'
import { from, Observable } from 'rxjs'
import type { MapAsyncOptions } from '../internal/operators/inFlight.ts'
import { OneAnswer } from '../internal/requests/oneAnswer.ts'
import { inFlight } from '../operators/mapAsync.ts'
import type { Answering } from './answering.ts'

export type { Answering } from './answering.ts'

/** Options of {@link answer}. */
export interface AnswerOptions<Req, Res> extends MapAsyncOptions {
  /** How many requests are worked on at once. Default 16. */
  readonly parallelism?: number
  /**
   * Whether answers leave in the order of the requests, as `pipelined` needs it. Default true; false: each as soon as it
   * is there, for `correlated`.
   */
  readonly ordered?: boolean
  /** The answer to a request that has failed. Default: none, the connection is aborted with that error (R12). */
  readonly whenFailed?: (error: unknown, request: Req) => Res
}

/**
 * The other side of a `Client`: answers each request with what a function makes of it, a promise or an Observable of
 * one value.
 *
 * ```
 *  in$   ──a──b────────c──          answer(f, { parallelism: 2 }): c is read when there is a place for it
 *  f       a takes long, b is quick
 *  out$  ────────────A─B──C──       ordered: false: ──────B─────A────C──
 * ```
 *
 * Built on `mapAsync`: while `parallelism` requests are in hand the gate of the source is held, and a full writer
 * holds it too. An empty Observable answers nothing, as a message without answer wants it.
 *
 * When the peer goes, the handler is unsubscribed, and with it each `signal` is aborted.
 *
 * Errors: whatever `f` throws or fails with, unless `whenFailed` answers it · what `whenFailed` throws · `QueueFull`, as
 * with `mapAsync`. Throws `WrongOption` where `parallelism` is no whole number from 1 on.
 *
 * ```ts
 * import { answer, client, connect, listen, pipelined, serve } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { setTimeout as sleep } from 'node:timers/promises'
 *
 * const slowly = async (line: string, { signal }: { signal: AbortSignal }) => {
 *   await sleep(10, undefined, { signal })
 *   return line.toUpperCase()
 * }
 * const server = listen({ port: 7000 })
 *   .pipe(serve(lines(), answer(slowly, { parallelism: 4, whenFailed: (error) => `ERR ${String(error)}` })))
 *   .subscribe()
 *
 * const shouting = client(connect({ port: 7000 }), lines(), pipelined())
 * console.log(await shouting.request('hello')()) // { _tag: 'Right', right: 'HELLO' }
 * await shouting.close()
 * server.unsubscribe()
 * ```
 */
export const answer = <Req, Res>(
  f: (request: Req, answering: Answering) => ObservableInput<Res>,
  options: AnswerOptions<Req, Res> = {},
): OperatorFunction<Req, Res> => {
  const { parallelism = 16, ordered = true, whenFailed } = options
  const one = (request: Req): Observable<Res> =>
    new Observable((subscriber) => {
      const recover = whenFailed === undefined ? null : (error: unknown) => whenFailed(error, request)
      const answer = new OneAnswer(subscriber, recover)
      try {
        from(f(request, answer)).subscribe(answer)
      } catch (error) {
        answer.error(error)
      }
    })
  return inFlight('answer()', ordered, parallelism, one, options)
}
