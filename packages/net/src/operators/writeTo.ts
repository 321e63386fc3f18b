import type { Protocol } from '@sluice/protocol'
import { bytes } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { OperatorFunction } from 'rxjs'
import { Observable } from 'rxjs'
import type { Connection } from '../connection.ts'
import { ConnectionLost } from '../errors.ts'
import { Link } from '../internal/operators/link.ts'
import { live } from '../internal/connection/live.ts'

/** Options of {@link writeTo} for bytes. */
export interface WriteBytesOptions {
  /** Whether the completion of the source ends our side of the connection (FIN). Default true (R9). */
  readonly end?: boolean
}

/** Options of {@link writeTo} for messages. */
export interface WriteToOptions<Out> extends WriteBytesOptions {
  /** How messages become bytes. */
  readonly protocol: Protocol<unknown, Out>
}

/** {@link writeTo}: bytes as they are, or messages as their protocol writes them. */
export interface WriteTo {
  (connection: Connection, options?: WriteBytesOptions): OperatorFunction<Uint8Array, never>
  <Out>(connection: Connection, options: WriteToOptions<Out>): OperatorFunction<Out, never>
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
export const writeTo: WriteTo =
  (connection: Connection, options: Partial<WriteToOptions<unknown>> = {}) =>
  (messages$: Observable<unknown>) =>
    new Observable<never>((subscriber) => {
      const lifted = live('writeTo()', connection)
      lifted.use()
      // without a protocol messages are bytes: see WriteTo
      const { protocol = bytes() as Protocol<unknown, unknown>, end = true } = options
      let ending = false
      let ended = false
      subscriber.add(
        connection.events$.subscribe((event) => {
          if (event._tag === 'LocalEnded') {
            ended = true
            if (ending) subscriber.complete()
          } else if (event._tag === 'Closed') subscriber.error(new ConnectionLost(event.cause))
        }),
      )
      const write = (message: unknown): void => {
        const result = lifted.send(protocol, message)
        if (E.isLeft(result)) subscriber.error(result.left)
      }
      const complete = (): void => {
        ending = true
        if (end) lifted.end()
        if (!end || ended) subscriber.complete()
      }
      if (!subscriber.closed) messages$.subscribe(new Link(subscriber, write, complete))
    })
