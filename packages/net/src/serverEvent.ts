import type { ListenFailed, ServingFailed } from './errors.ts'
import type { DrainReport, Listener } from './listener.ts'

/** What asked a server to stop: a signal of the system, or `stop` of the options. */
export type StopReason = NodeJS.Signals | 'stop'

/**
 * How a server ended, and the exit code of the process for that.
 *
 * | `_tag` | what happened | `exitCode` |
 * |---|---|---|
 * | `Ended` | nobody asked for it: its listeners were closed, or it was built to end | 0 |
 * | `Drained` | it was asked to stop, and everybody was let finish | 0 |
 * | `CutShort` | the deadline came, or it was asked again: somebody was aborted | 1 |
 */
export type ServerOutcome =
  | { readonly _tag: 'Ended'; readonly exitCode: 0 }
  | {
      readonly _tag: 'Drained'
      readonly exitCode: 0
      readonly by: StopReason
      readonly reports: readonly DrainReport[]
    }
  | {
      readonly _tag: 'CutShort'
      readonly exitCode: 1
      readonly by: StopReason
      readonly reports: readonly DrainReport[]
    }

/** What a server tells on its way; `Stopped` or `Failed` is the last. */
export type ServerEvent =
  | { readonly _tag: 'Started'; readonly listener: Listener }
  | { readonly _tag: 'Stopping'; readonly by: StopReason }
  | { readonly _tag: 'Stopped'; readonly outcome: ServerOutcome }
  | { readonly _tag: 'Failed'; readonly error: ListenFailed | ServingFailed }
