import type { Protocol } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { OperatorFunction } from 'rxjs'
import { Observable } from 'rxjs'
import type { Connection } from '../connection.ts'
import { ConnectionLost } from '../errors.ts'
import { rawBytes } from '../internal/rawBytes.ts'
import { live } from '../internal/live.ts'

/** Options of {@link writeTo}. */
export interface WriteToOptions<Out> {
  /** How messages become bytes. Default: they are bytes. */
  readonly protocol?: Protocol<unknown, Out>
  /** Whether the completion of the source ends our side of the connection (FIN). Default true (R9). */
  readonly end?: boolean
}

/**
 * Writes every message to a connection. When the connection is full, the gate of whatever feeds it is
 * held until it has drained.
 *
 * ```
 *  in   ──a──b──c──|
 *  out  ──────────────|     nothing; completes when all is flushed (`end`), else with the source
 * ```
 *
 * Errors: `ConnectionLost` (the connection broke; the source is unsubscribed) · `NotWritable` (our side
 * had ended) · `WriterFull` (see `whenFull`) · `NotEncodable`, `TooLong` (local: this message; nothing
 * of it was written).
 *
 * ```ts
 * import { connect, listen, writeTo } from '@sluice/net'
 * import { mergeMap, tap } from 'rxjs'
 *
 * // echo: what comes from a peer goes back to it, and its end ends our side
 * const server = listen({ port: 7000 })
 *   .pipe(
 *     mergeMap((listener) => listener.connections$),
 *     mergeMap((peer) => peer.data$.pipe(writeTo(peer))),
 *   )
 *   .subscribe()
 *
 * connect({ port: 7000 })
 *   .pipe(
 *     tap((connection) => {
 *       connection.write(Buffer.from('hello'))
 *       connection.end()
 *     }),
 *     mergeMap((connection) => connection.data$),
 *   )
 *   .subscribe({
 *     next: (bytes) => console.log(Buffer.from(bytes).toString()), // hello
 *     complete: () => server.unsubscribe(),
 *   })
 * ```
 */
export const writeTo =
  <Out = Uint8Array>(connection: Connection, options: WriteToOptions<Out> = {}): OperatorFunction<Out, never> =>
  (messages$) =>
    new Observable((subscriber) => {
      const lifted = live('writeTo()', connection)
      // without a protocol `Out` is bytes: that is its default
      const protocol = options.protocol ?? (rawBytes as Protocol<unknown, unknown>)
      const end = options.end ?? true
      let ending = false
      subscriber.add(
        connection.events$.subscribe((event) => {
          if (event._tag === 'LocalEnded' && ending) subscriber.complete()
          else if (event._tag === 'Closed') subscriber.error(new ConnectionLost(event.cause))
        }),
      )
      subscriber.add(
        messages$.subscribe({
          next: (message) => {
            const result = lifted.send(protocol, message)
            if (E.isLeft(result)) subscriber.error(result.left)
          },
          error: (error: unknown) => {
            subscriber.error(error)
          },
          complete: () => {
            ending = true
            if (end) lifted.end()
            else subscriber.complete()
          },
        }),
      )
    })
