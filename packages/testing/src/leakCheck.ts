import { WrongOption } from '@sluice/protocol'
import { heapBytes } from './internal/leaks/heap.ts'
import type { Leak } from './leaked.ts'
import { Leaked } from './leaked.ts'
import type { WatchLeaksOptions } from './watchLeaks.ts'
import { watchLeaks } from './watchLeaks.ts'

/** Options of {@link leakCheck}. */
export interface LeakCheckOptions extends WatchLeaksOptions {
  /** Whether it is remembered where things are made. Default true. */
  readonly traced?: boolean
  /**
   * The most bytes of heap that may be left, all garbage collected. Default: any number. With a limit the function
   * runs once more before, unmeasured: what is made once and kept for ever is no leak.
   */
  readonly maxHeapBytes?: number
}

/** Nothing was left behind. */
export interface LeakReport<A> {
  /** What the function answered. */
  readonly value: A
  /** Bytes of the heap in use, all garbage collected; `null` without `maxHeapBytes`: collecting takes its time. */
  readonly heapBytes: { readonly before: number; readonly after: number } | null
}

/**
 * Runs a function, and makes sure that it has given back all sockets, servers, timers, descriptors and listeners (R14).
 *
 * ```
 *  look ── f() ──▶ done ── turn, turn … ── look:  nothing more than before   LeakReport
 *                              patienceMs         something                  Leaked: what, and where it was made
 * ```
 *
 * Where a thing was made is known of what was made while it ran: the nearest frames that are not Node's own. What is
 * counted, and what is not, says `watchLeaks`.
 *
 * Rejects with `Leaked`, or with what the function failed with. Throws `WrongOption` for a limit that is none.
 *
 * ```ts
 * import { leakCheck } from '@sluice/testing'
 *
 * const forgetful = () => setTimeout(() => undefined, 500)
 * await leakCheck(forgetful, { patienceMs: 10 }).catch((error: Error) => {
 *   const [what, , kind, made] = error.message.split('\n')
 *   console.log(what, kind) // left behind: 1 × Timeout
 *   console.log(made) //   made at forgetful (…
 * })
 * ```
 */
export const leakCheck = async <A>(
  f: () => A | PromiseLike<A>,
  options: LeakCheckOptions = {},
): Promise<LeakReport<A>> => {
  const { traced = true, maxHeapBytes = Infinity } = options
  if (!(maxHeapBytes >= 0)) throw new WrongOption('leakCheck()', 'maxHeapBytes', maxHeapBytes, 'bytes, from 0 on')
  const limited = maxHeapBytes !== Infinity
  if (limited) await f()
  const before = limited ? heapBytes() : 0
  using watch = watchLeaks({ ...options, traced })
  const value = await f()
  const left = await watch.leaks()
  watch.stop()
  const after = limited ? heapBytes() : 0
  const leaks: readonly Leak[] =
    after - before > maxHeapBytes ? [...left, { _tag: 'Heap', bytes: after - before, limit: maxHeapBytes }] : left
  if (leaks.length > 0) throw new Leaked(leaks)
  return { value, heapBytes: limited ? { before, after } : null }
}
