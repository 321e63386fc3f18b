import type { Protocol } from '@sluice/protocol'
import type { OperatorFunction } from 'rxjs'
import { Observable } from 'rxjs'
import { currentGate } from '../gate.ts'
import { Feeder } from '../internal/conversation/feeder.ts'
import { Link } from '../internal/operators/link.ts'

/**
 * Bytes to messages.
 *
 * ```
 *  in   ──'a\nb'──'c\n'──|
 *  out  ──'a'─────'bc'───|      decode(lines())
 * ```
 *
 * While the gate of the source is held it stops in the middle of a chunk and goes on, from there, when
 * the gate opens: what is in flight is exact (R3). State begins at subscription (R26).
 *
 * Errors, after the messages before them: `TooLong` · `Malformed` · `Truncated` (the source completed
 * inside a frame), all the remote side's fault; the source is unsubscribed.
 *
 * ```ts
 * import { decode } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { from } from 'rxjs'
 *
 * const chunks = ['he', 'llo\nwor', 'ld\n'].map((text) => Buffer.from(text))
 * from(chunks)
 *   .pipe(decode(lines()))
 *   .subscribe(console.log) // hello
 * //                           world
 * ```
 */
export const decode =
  <In>(protocol: Protocol<In, never>): OperatorFunction<Uint8Array, In> =>
  (chunks$) =>
    new Observable((subscriber) => {
      const feeder = new Feeder(protocol.decoder(), {
        failed: (error) => {
          subscriber.error(error)
        },
      })
      subscriber.add(() => {
        feeder.feed(null, null)
      })
      feeder.feed(subscriber, null)
      const chunk = (bytes: Uint8Array): void => {
        feeder.push(bytes, currentGate())
      }
      const end = (): void => {
        feeder.end()
      }
      chunks$.subscribe(new Link(subscriber, chunk, end))
    })
