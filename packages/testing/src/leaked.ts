/**
 * Something that is still there although it should not be.
 *
 * | `_tag` | what | |
 * |---|---|---|
 * | `Resource` | a socket, a server, a pipe, a timer | `kind` as in `process.getActiveResourcesInfo()` |
 * | `Descriptor` | a file descriptor (Linux) | what it is for: `socket:[8128]`, a path |
 * | `Listener` | a listener of an emitter | `process exit`, `AbortSignal abort` |
 * | `Heap` | bytes of the heap | only where a limit was given |
 */
export type Leak =
  | { readonly _tag: 'Resource'; readonly kind: string; readonly count: number; readonly madeAt: readonly string[] }
  | { readonly _tag: 'Descriptor'; readonly fd: number; readonly target: string }
  | { readonly _tag: 'Listener'; readonly of: string; readonly count: number }
  | { readonly _tag: 'Heap'; readonly bytes: number; readonly limit: number }

/** A leak as a person reads it: a line, and for each thing that was traced where it was made. */
export const showLeak = (leak: Leak): string => {
  switch (leak._tag) {
    case 'Resource': {
      const made = leak.madeAt.map((at) => `\n  made ${at.replaceAll('\n', '\n       ')}`)
      return `${String(leak.count)} × ${leak.kind}${made.join('')}`
    }
    case 'Descriptor':
      return `descriptor ${String(leak.fd)}: ${leak.target}`
    case 'Listener':
      return `${String(leak.count)} × listener: ${leak.of}`
    case 'Heap':
      return `${String(leak.bytes)} bytes of heap, over the limit of ${String(leak.limit)}`
  }
}

/**
 * Something was left behind. The message lists it:
 *
 * ```
 *  left behind:
 *
 *  1 × Timeout
 *    made at retry (/app/src/retry.ts:12:5)
 *         at fetchAll (/app/src/fetch.ts:30:9)
 *  descriptor 24: socket:[918273]
 * ```
 */
export class Leaked extends Error {
  readonly _tag = 'Leaked'
  readonly leaks: readonly Leak[]

  constructor(leaks: readonly Leak[]) {
    super(`left behind:\n\n${leaks.map(showLeak).join('\n')}`)
    this.name = 'Leaked'
    this.leaks = leaks
  }
}
