import { WrongOption } from '@sluice/protocol'
import type { Observable } from 'rxjs'

/** One thing a scripted peer does, or expects. */
export type Step =
  | { readonly _tag: 'Read'; readonly bytes: Uint8Array }
  | { readonly _tag: 'ReadEnd' }
  | { readonly _tag: 'ReadReset' }
  | { readonly _tag: 'Write'; readonly bytes: Uint8Array }
  | { readonly _tag: 'End' }
  | { readonly _tag: 'Reset' }
  | { readonly _tag: 'Wait'; readonly ms: number }
  | { readonly _tag: 'Until'; readonly what: string; readonly event: () => PromiseLike<unknown> | Observable<unknown> }

/** What a peer does, step by step; a value: each method answers a longer one. */
export interface Script {
  readonly steps: readonly Step[]
  /** Exactly these bytes come next. Text is UTF-8. */
  readonly read: (bytes: string | Uint8Array) => Script
  /** The other side ends its output, and nothing came before. */
  readonly readEnd: () => Script
  /** The other side breaks off. What it sent before and nobody read is lost. */
  readonly readReset: () => Script
  /** Sends bytes, and waits until they are with the kernel. */
  readonly write: (bytes: string | Uint8Array) => Script
  /** Ends its own output (FIN), and goes on reading. */
  readonly end: () => Script
  /** Breaks off with a reset; over a Unix socket, which has none, it closes. */
  readonly reset: () => Script
  /** Waits so long, on the scheduler of the peer. */
  readonly wait: (ms: number) => Script
  /** Waits for something else: a promise, or the first value or the completion of an Observable. */
  readonly until: (what: string, event: () => PromiseLike<unknown> | Observable<unknown>) => Script
}

/**
 * The empty script: where every script begins.
 *
 * ```
 *  script.write('220 hi\r\n').read('QUIT\r\n').write('221 bye\r\n').end().readEnd()
 * ```
 *
 * Bytes are read in `read` steps only: a peer that waits, or writes, takes no more than Node's own buffer does, so that
 * what it does not read backs up. Throws `WrongOption` for a time that is none.
 *
 * ```ts
 * import { script } from '@sluice/testing'
 *
 * const greeting = script.write('220 hi\r\n')
 * const goodbye = greeting.read('QUIT\r\n').end()
 * console.log(greeting.steps.length, goodbye.steps.map(({ _tag }) => _tag)) // 1 [ 'Write', 'Read', 'End' ]
 * ```
 */
export const script: Script = /* @__PURE__ */ scriptOf([])

function scriptOf(steps: readonly Step[]): Script {
  const then = (step: Step): Script => scriptOf([...steps, step])
  return {
    steps,
    read: (bytes) => then({ _tag: 'Read', bytes: bytesOf(bytes) }),
    readEnd: () => then({ _tag: 'ReadEnd' }),
    readReset: () => then({ _tag: 'ReadReset' }),
    write: (bytes) => then({ _tag: 'Write', bytes: bytesOf(bytes) }),
    end: () => then({ _tag: 'End' }),
    reset: () => then({ _tag: 'Reset' }),
    wait: (ms) => {
      if (!(ms >= 0 && ms < Infinity)) throw new WrongOption('script.wait()', 'ms', ms, 'milliseconds, from 0 on')
      return then({ _tag: 'Wait', ms })
    },
    until: (what, event) => then({ _tag: 'Until', what, event }),
  }
}

const bytesOf = (bytes: string | Uint8Array): Uint8Array => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
