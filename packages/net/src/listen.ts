import { Observable } from 'rxjs'
import type { ConnectionOptions } from './connection.ts'
import type { Listener } from './listener.ts'
import { checkTarget } from './internal/address.ts'
import { LiveListener } from './internal/liveListener.ts'
import { connectionSettings, keepAliveOption, wholeOption } from './internal/settings.ts'

/** Where to listen, and how many to let in; see {@link listen}. The rest is for each accepted connection. */
export interface ListenOptions extends ConnectionOptions {
  /** 0 lets the system choose a free one: `listener.address` tells. */
  readonly port?: number
  /** The address to bind. Default: all, of both families where the system has IPv6. */
  readonly host?: string
  /** A Unix socket, instead of port and host. */
  readonly path?: string
  /** How many connections the kernel keeps for us until we accept them. Default 4,096. */
  readonly backlog?: number
  /** The most open connections; who comes beyond is refused, with an event. Default 16,384. */
  readonly maxConnections?: number
  /** The most accepted connections that wait for a subscriber of `connections$`. Default 128. */
  readonly maxUnconsumed?: number
  /** When TCP begins to ask a silent peer whether it lives. Default 30,000; at least 1,000; `Infinity`: never. */
  readonly keepAliveMs?: number
}

/**
 * Listens. Cold: the socket is bound on subscription.
 *
 * ```
 *  listen ───Listener────────────|   completes when the listener is closed (drained)
 *         ───#                       ListenFailed
 * ```
 *
 * Unsubscribing closes it at once and aborts every open connection; `listener.drain()` is the gentle way.
 *
 * Errors: `ListenFailed` (local: the address is in use, not ours, or not allowed; see its `code`).
 * Throws `WrongOption` for a target or an option that cannot work.
 *
 * ```ts
 * import { listen } from '@sluice/net'
 * import { take } from 'rxjs'
 *
 * listen({ port: 0, host: '127.0.0.1' })
 *   .pipe(take(1))
 *   .subscribe((listener) => console.log(listener.address.address)) // 127.0.0.1
 * ```
 */
export const listen = (options: ListenOptions): Observable<Listener> => {
  checkTarget('listen()', options, 0)
  const settings = {
    target: options,
    backlog: wholeOption('listen()', 'backlog', options.backlog, 4096),
    maxConnections: wholeOption('listen()', 'maxConnections', options.maxConnections, 16_384),
    maxUnconsumed: wholeOption('listen()', 'maxUnconsumed', options.maxUnconsumed, 128),
    keepAliveMs: keepAliveOption('listen()', options.keepAliveMs),
    connection: connectionSettings('listen()', options),
  }
  return new Observable((subscriber) => {
    const listener = new LiveListener(settings, {
      listening: () => {
        subscriber.next(listener)
      },
      failed: (error) => {
        subscriber.error(error)
      },
      closed: () => {
        subscriber.complete()
      },
    })
    return () => {
      listener.destroy()
    }
  })
}
