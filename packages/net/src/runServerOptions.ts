import type { DrainOptions } from './listener.ts'
import type { ServerEvent } from './serverEvent.ts'

/** Options of `runServer`. */
export interface RunServerOptions {
  /** What asks it to stop. Default `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly NodeJS.Signals[]
  /** Asks it to stop, as a signal does. */
  readonly stop?: AbortSignal
  /** When to break off what is not over. Default 15,000; `Infinity`: never. */
  readonly drainMs?: number
  /**
   * For how long a further signal counts as the same one. Default 500: a Ctrl-C reaches what npm started
   * twice, once from the terminal and once from npm.
   */
  readonly sameMs?: number
  /** What every open connection is told when the server stops; see {@link DrainOptions}. Default: nothing. */
  readonly goodbye?: DrainOptions['goodbye']
  /** Told what happens, for a log. It may also do its part: what it does at `Stopping` comes before the drain. */
  readonly tell?: (event: ServerEvent) => void
}
