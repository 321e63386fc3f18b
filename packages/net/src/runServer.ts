import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Observable, OperatorFunction } from 'rxjs'
import type { ListenFailed, ServingFailed } from './errors.ts'
import { ServerRun, runSettings } from './internal/server/serverRun.ts'
import type { Listener } from './listener.ts'
import type { RunServerOptions } from './runServerOptions.ts'
import type { ServerOutcome } from './serverEvent.ts'

/**
 * Runs a server as a process runs it: until a signal asks it to stop, and then to its end.
 *
 * ```
 *  listening ──SIGTERM──▶ draining ──all finished──▶ Drained, exit code 0
 *                            ├──drainMs────────────▶ the rest is aborted: CutShort, 1
 *                            └──a second signal────▶ at once, all aborted: CutShort, 1
 * ```
 *
 * `serving` is what the server does with a listener, as it would stand in a pipe behind `listen`: most often
 * `serve(protocol, handler)`. Where several listeners come out of the source, all of them are drained.
 *
 * Sets `process.exitCode`, and lets the process end by itself: nothing that was written is lost, and what
 * else the program has open is its own to close. Only after a second signal it calls `process.exit`, when
 * standard output and error are flushed. A third one finds no handler any more, so it kills.
 *
 * Errors, as `Left` and with the exit code 1: `ListenFailed` (nothing could be bound) · `ServingFailed`
 * (`serving` failed as a whole, every connection was aborted). Throws `WrongOption`.
 *
 * ```ts
 * import { listen, runServer, serve } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { map } from 'rxjs'
 *
 * const stop = new AbortController() // a real server needs none: SIGTERM and Ctrl-C do it
 * const shout = serve(
 *   lines(),
 *   map((line: string) => line.toUpperCase()),
 * )
 * const run = runServer(listen({ port: 7000 }), shout, {
 *   stop: stop.signal,
 *   tell: (event) => {
 *     console.log(event._tag) // Started
 *     //                         Stopping
 *     //                         Stopped
 *     if (event._tag === 'Started') stop.abort()
 *   },
 * })
 * await run()
 * ```
 */
export const runServer = (
  listeners$: Observable<Listener>,
  serving: OperatorFunction<Listener, unknown>,
  options: RunServerOptions = {},
): TE.TaskEither<ListenFailed | ServingFailed, ServerOutcome> => {
  const settings = runSettings(options)
  return () => new ServerRun(listeners$, serving, settings).ending
}
