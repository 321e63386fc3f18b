import { WrongOption } from '@sluice/protocol'
import type { SchedulerLike } from 'rxjs'
import { Observable } from 'rxjs'
import type { Handler } from '../handler.ts'
import type { HeartSettings } from '../internal/operators/heart.ts'
import { Heart } from '../internal/operators/heart.ts'
import { Link } from '../internal/operators/link.ts'
import { live } from '../internal/connection/live.ts'
import { timeOption, wholeOption } from '../internal/connection/settings.ts'
import { writable } from '../lifecycle.ts'

/** Options of {@link heartbeat}. */
export interface HeartbeatOptions<In, Out> {
  /** How long it may be quiet before a ping. */
  readonly everyMs: number
  /** The message to ask with, or how the n-th one (from 0) is made. */
  readonly ping: Out | ((n: number) => Out)
  /** Which messages answer a ping. Only for `hidePongs`: any byte is a sign of life. */
  readonly isPong?: (message: In) => boolean
  /** So many pings in a row, of `everyMs` each, may bring nothing; then the connection ends. Default 2. */
  readonly allowedMisses?: number
  /** Whether the handler is spared the pongs. Default true. */
  readonly hidePongs?: boolean
  /**
   * When it counts as quiet. `nothingSent` (default): what we send is traffic enough, nothing is added to it.
   * `nothingHeard`: also who is sent to all the time is asked whether he still lives.
   */
  readonly pingWhen?: 'nothingSent' | 'nothingHeard'
  /**
   * The answer to a message that needs no handler, such as the peer's ping; the handler does not see that
   * message. `undefined`: it is none of these.
   */
  readonly answer?: (message: In) => Out | undefined
  /** Where time comes from (R22). Default: the connection's. */
  readonly scheduler?: SchedulerLike
}

/**
 * Asks a quiet peer whether it lives, and ends the connection if it does not answer. Wraps a handler.
 *
 * ```
 *  in$   ──a─────────────────────pong──b──       the handler sees a and b
 *  out$  ──A────────────ping───────────B──       ping: everyMs after A
 *
 *  in$   ──a─────────────────────────────────#   TimedOut: heartbeat
 *  out$  ──A────────────ping───────ping──────    allowedMisses: 2
 * ```
 *
 * - What we send is traffic for the peer, whoever writes it, but no sign of its life. Once asked, the peer
 *   has `everyMs × allowedMisses` to send anything, one byte is enough, however much we send meanwhile.
 * - A peer is not blamed for the time we do not read, nor while what we sent has not left.
 * - While bytes wait unsent no ping is added to them.
 * - Once a side has ended, nobody is asked.
 *
 * Ends the connection with the cause `TimedOut` and the clock `heartbeat`. Throws `WrongOption` for an option
 * that cannot work.
 *
 * ```ts
 * import { connect, heartbeat, listen, serve, showCause, speak } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { NEVER, take } from 'rxjs'
 *
 * // a server that takes everything and answers nothing
 * const server = listen({ port: 7000 })
 *   .pipe(serve(lines(), () => NEVER))
 *   .subscribe()
 *
 * const alive = heartbeat<string, string>({ everyMs: 50, ping: 'PING', isPong: (line) => line === 'PONG' })
 * connect({ port: 7000 })
 *   .pipe(
 *     speak(
 *       lines(),
 *       alive((in$) => in$),
 *     ),
 *     take(1),
 *   )
 *   .subscribe(({ cause }) => {
 *     console.log(showCause(cause)) // timed out: no sign of life from the peer for 100 ms
 *     server.unsubscribe()
 *   })
 * ```
 */
export const heartbeat = <In, Out>(
  options: HeartbeatOptions<In, Out>,
): ((handler: Handler<In, Out>) => Handler<In, Out>) => {
  const settings = check(options)
  const pingOf = nth(options.ping)
  return (handler) => (in$, connection) =>
    new Observable((subscriber) => {
      const lifted = live('heartbeat()', connection)
      let pings = 0
      const heart = new Heart(lifted, settings, () => {
        try {
          subscriber.next(pingOf(pings++))
        } catch (error) {
          subscriber.error(error)
        }
      })
      const leave = lifted.onSend(heart.sent)
      subscriber.add(() => {
        leave()
        heart.stop()
      })
      const answered = (answer: Out): void => {
        if (writable(lifted.phase)) subscriber.next(answer)
      }
      handler(sparing(in$, options, answered), connection).subscribe(subscriber)
    })
}

const check = <In, Out>(options: HeartbeatOptions<In, Out>): HeartSettings => {
  const everyMs = timeOption('heartbeat()', 'everyMs', options.everyMs, NaN)
  const { pingWhen = 'nothingSent' } = options
  if (pingWhen !== 'nothingSent' && pingWhen !== 'nothingHeard') {
    throw new WrongOption('heartbeat()', 'pingWhen', pingWhen, `'nothingSent' or 'nothingHeard'`)
  }
  const allowedMisses = wholeOption('heartbeat()', 'allowedMisses', options.allowedMisses, 2)
  return { everyMs, allowedMisses, pingWhen, scheduler: options.scheduler }
}

const nth = <Out>(ping: Out | ((n: number) => Out)): ((n: number) => Out) =>
  typeof ping === 'function' ? (ping as (n: number) => Out) : () => ping

/** The input without what the handler is not to see. */
const sparing = <In, Out>(
  in$: Observable<In>,
  { isPong, hidePongs = true, answer }: HeartbeatOptions<In, Out>,
  answered: (answer: Out) => void,
): Observable<In> => {
  const hidden = hidePongs ? isPong : undefined
  if (hidden === undefined && answer === undefined) return in$
  return new Observable((subscriber) => {
    const message = (value: In): void => {
      const reply = answer?.(value)
      if (reply !== undefined) answered(reply)
      else if (hidden?.(value) !== true) subscriber.next(value)
    }
    in$.subscribe(new Link(subscriber, message))
  })
}
