import type { Connection, ConnectionOptions, ListenOptions } from '@sluice/net'
import { connect, listen } from '@sluice/net'
import { combineLatest, mergeMap } from 'rxjs'

/** Options of {@link loopback}: those of each end. */
export interface LoopbackOptions {
  readonly client?: ConnectionOptions
  readonly server?: ConnectionOptions
  /** A Unix socket instead of TCP. */
  readonly path?: string
}

/** Two ends of one real connection. */
export interface Loopback extends AsyncDisposable {
  /** The end that connected. */
  readonly client: Connection
  /** The end that was accepted. */
  readonly server: Connection
  /** Aborts both ends, closes the listener, and waits until nothing of it is left. Again: nothing more. */
  readonly close: () => Promise<void>
}

/**
 * Two ends of one real connection, over TCP on a free port of 127.0.0.1 or over a Unix socket.
 *
 * ```
 *  client ◀────────────▶ server
 *     what one end writes, the other reads; each ends on its own
 * ```
 *
 * Rejects with `ListenFailed` or `ConnectFailed`; throws `WrongOption` for an option that cannot work.
 *
 * ```ts
 * import { loopback } from '@sluice/testing'
 * import { firstValueFrom } from 'rxjs'
 *
 * const { client, server, close } = await loopback()
 * client.write(Buffer.from('hello'))
 * console.log(Buffer.from(await firstValueFrom(server.data$)).toString()) // hello
 * await close()
 * ```
 */
export const loopback = (options: LoopbackOptions = {}): Promise<Loopback> => {
  const { path } = options
  const where: ListenOptions = path === undefined ? { port: 0, host: '127.0.0.1' } : { path }
  const ends$ = listen({ ...options.server, ...where }).pipe(
    mergeMap((listener) => {
      const { port, address } = listener.address
      // nobody else comes: a program that forgets to close ends with its connection
      listener.unref()
      const target = port === undefined ? { path: address } : { host: address, port }
      return combineLatest([connect({ ...options.client, ...target }), listener.connections$])
    }),
  )
  return new Promise((resolve, reject) => {
    const subscription = ends$.subscribe({
      next: ([client, server]) => {
        const close = async (): Promise<void> => {
          const over = Promise.all([closed(client), closed(server)])
          subscription.unsubscribe()
          await over
        }
        resolve({ client, server, close, [Symbol.asyncDispose]: close })
      },
      error: reject,
    })
  })
}

const closed = (connection: Connection): Promise<void> =>
  new Promise((resolve) => {
    connection.events$.subscribe({ complete: resolve })
  })
