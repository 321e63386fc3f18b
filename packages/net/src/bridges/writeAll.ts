import type { OperatorFunction } from 'rxjs'
import { Observable, tap } from 'rxjs'
import type { Connection } from '../connection.ts'
import type { Gate } from '../gate.ts'
import { currentGate } from '../gate.ts'
import { Link } from '../internal/operators/link.ts'
import { live } from '../internal/connection/live.ts'
import { isOver } from '../internal/bridges/pourer.ts'
import type { WriteBytesOptions, WriteToOptions } from '../operators/writeTo.ts'
import { writeTo } from '../operators/writeTo.ts'
import { fromIterable } from './fromIterable.ts'

/** {@link writeAll}: bytes as they are, or messages as their protocol writes them. */
export interface WriteAll {
  (
    connection: Connection,
    items: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options?: WriteBytesOptions,
  ): Observable<number>
  <Out>(
    connection: Connection,
    items: Iterable<Out> | AsyncIterable<Out>,
    options: WriteToOptions<Out>,
  ): Observable<number>
}

/**
 * Writes all that an iterable or an async iterable yields, and asks for the next item only when the
 * connection has room, whatever its `whenFull` says. Loses nothing, keeps nothing.
 *
 * ```
 *  next ──a──▶ write    next ──b──▶ write, full …… drained    next ──c──▶ write   done
 *  out   ───────────────────────────────────────────────────────────────────────3|
 * ```
 *
 * Cold. Emits how many items were written, when all of it is flushed (`end`), else when the last is written.
 * When the connection breaks, and when you unsubscribe, the iterator's `return` is called.
 *
 * Errors: those of {@link writeTo}, and whatever the iterator throws, as it is; our side is not ended then.
 *
 * ```ts
 * import { fromDuplex, writeAll } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { PassThrough } from 'node:stream'
 * import { firstValueFrom } from 'rxjs'
 *
 * const answers = async function* () {
 *   for (const word of ['one', 'two']) yield Promise.resolve(word)
 * }
 * const peer = new PassThrough()
 * const connection = fromDuplex(peer)
 * console.log(await firstValueFrom(writeAll(connection, answers(), { protocol: lines() }))) // 2
 * connection.data$.subscribe((bytes) => console.log(Buffer.from(bytes).toString().trim())) // one
 * // two
 * ```
 */
export const writeAll: WriteAll = <Out>(
  connection: Connection,
  items: Iterable<Out> | AsyncIterable<Out>,
  options: Partial<WriteToOptions<Out>> = {},
): Observable<number> =>
  new Observable((subscriber) => {
    let written = 0
    const count = tap<Out>(() => written++)
    // without a protocol items are bytes: see WriteAll
    const write = writeTo<Out>(connection, options as WriteToOptions<Out>)
    return fromIterable(items)
      .pipe(whileRoom(connection), count, write)
      .subscribe({
        error: (error: unknown) => {
          subscriber.error(error)
        },
        complete: () => {
          subscriber.next(written)
          subscriber.complete()
        },
      })
  })

/** Holds what feeds a connection that is full, where its own policy does not. */
const whileRoom =
  <A>(connection: Connection): OperatorFunction<A, A> =>
  (items$) =>
    new Observable((subscriber) => {
      const lifted = live('writeAll()', connection)
      let held: Gate | null = null
      const release = (): void => {
        const gate = held
        held = null
        gate?.release(subscriber)
      }
      subscriber.add(release)
      subscriber.add(
        connection.events$.subscribe(({ _tag }) => {
          if (_tag === 'Drained' || _tag === 'Closed') release()
        }),
      )
      const pass = (item: A): void => {
        // a writer that breaks lets its sources go; why it broke is told by `Closed`
        if (isOver(lifted)) return
        subscriber.next(item)
        const gate = currentGate()
        if (!connection.full || gate === null || gate.held) return
        held = gate
        gate.hold(subscriber)
      }
      items$.subscribe(new Link(subscriber, pass))
    })
