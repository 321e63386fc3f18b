import type { Cause, Endpoint } from '@sluice/net'
import type { Direction, LimitAction, Toxics } from './toxics.ts'

/**
 * What a faulty proxy does. `link` counts its connections, from 1.
 *
 * | event | |
 * |---|---|
 * | `Opened` | a client has come; the target is being connected to |
 * | `Unreachable` | the target is not there; the client is reset |
 * | `Forwarded` | bytes have left |
 * | `Swallowed` | bytes were thrown away |
 * | `Ended` | a FIN has passed, or was sent instead of more |
 * | `Acted` | a limit was reached, or a time was over: see `action` and `why` |
 * | `Over` | both connections are closed |
 * | `Changed` | a direction has other toxics now |
 * | `Down`, `Up` | it does not listen any more, or again |
 */
export type FaultyProxyEvent =
  | { readonly _tag: 'Opened'; readonly link: number; readonly remote: Endpoint | undefined }
  | { readonly _tag: 'Unreachable'; readonly link: number; readonly error: Error }
  | { readonly _tag: 'Forwarded'; readonly link: number; readonly direction: Direction; readonly bytes: number }
  | { readonly _tag: 'Swallowed'; readonly link: number; readonly direction: Direction; readonly bytes: number }
  | { readonly _tag: 'Ended'; readonly link: number; readonly direction: Direction }
  | {
      readonly _tag: 'Acted'
      readonly link: number
      readonly direction: Direction
      readonly action: LimitAction
      readonly why: 'limit' | 'swallow' | 'reset'
    }
  | {
      readonly _tag: 'Over'
      readonly link: number
      readonly client: Cause
      /** `null` where there never was one. */
      readonly upstream: Cause | null
    }
  | { readonly _tag: 'Changed'; readonly direction: Direction; readonly toxics: Toxics }
  | { readonly _tag: 'Down' }
  | { readonly _tag: 'Up'; readonly address: Endpoint }
