import { Observable } from 'rxjs'
import { ListenFailed } from './errors.ts'
import { onceAborted } from './internal/aborts.ts'
import { listenSettings } from './internal/server/listenSettings.ts'
import { LiveListener } from './internal/server/liveListener.ts'
import { showPlace } from './internal/server/place.ts'
import type { Listener } from './listener.ts'
import type { ListenOptions } from './listenOptions.ts'

/**
 * Listens. Cold: the socket is bound on subscription.
 *
 * ```
 *  listen ───Listener────────────|   completes when the listener is closed (drained, aborted)
 *         ───#                       ListenFailed
 * ```
 *
 * Unsubscribing closes it at once and aborts every open connection; `listener.drain()` is the gentle way.
 *
 * Errors: `ListenFailed` (local: the address is in use, not ours, or not allowed, or `signal` was aborted
 * before; see its `code`). Throws `WrongOption` for a target or an option that cannot work.
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
  const settings = listenSettings(options)
  const { signal, places } = settings
  return new Observable((subscriber) => {
    const aborted = (): void => {
      const [place = {}] = places
      subscriber.error(new ListenFailed(showPlace(place), 'ABORTED', 'the signal was aborted', signal?.reason))
    }
    if (signal?.aborted === true) {
      aborted()
      return undefined
    }
    let bound = false
    const listener = new LiveListener(settings, {
      listening: () => {
        bound = true
        subscriber.next(listener)
      },
      failed: (error) => {
        subscriber.error(error)
      },
      closed: () => {
        subscriber.complete()
      },
    })
    if (signal !== undefined) {
      subscriber.add(
        onceAborted(signal, () => {
          if (bound) listener.abort()
          else aborted()
        }),
      )
    }
    return () => {
      listener.abort()
    }
  })
}
