import { setImmediate as turn } from 'node:timers/promises'
import { WrongOption } from '@sluice/protocol'
import { descriptors } from './internal/leaks/descriptors.ts'
import type { Target } from './internal/leaks/listeners.ts'
import { listeners } from './internal/leaks/listeners.ts'
import { traces } from './internal/leaks/traces.ts'
import type { Leak } from './leaked.ts'

/** Options of {@link watchLeaks}. */
export interface WatchLeaksOptions {
  /**
   * How long something may still be about to go, in milliseconds. The event loop turns meanwhile, and when nothing is
   * left it is over at once. Default 1,000.
   */
  readonly patienceMs?: number
  /**
   * Whether each thing is remembered, and where it was made: slower, by a stack trace for each. Without it they are
   * only counted, so that one that has come may hide behind one that has gone. Default false.
   */
  readonly traced?: boolean
  /** Whose listeners are counted, beside those of `process`. */
  readonly emitters?: readonly Target[]
}

/** Looks at what there is, from the moment it is made. */
export interface LeakWatch extends Disposable {
  /** What has come since and is still there, after `patienceMs` at most; nothing, as soon as that is so. */
  readonly leaks: () => Promise<readonly Leak[]>
  /** Traces nothing any more. */
  readonly stop: () => void
}

/** What is counted of `process.getActiveResourcesInfo()`: the others come and go by themselves. */
const KINDS = [
  'TCPSocketWrap',
  'TCPServerWrap',
  'TCPConnectWrap',
  'PipeWrap',
  'PipeServerWrap',
  'PipeConnectWrap',
  'UDPWrap',
  'FSEventWrap',
  'Timeout',
]

/**
 * Remembers which sockets, servers, timers, descriptors and listeners there are, and tells later which have come since
 * and are still there: for the hooks of a test runner. For one function there is `leakCheck`.
 *
 * ```
 *  beforeEach ── watch = watchLeaks()
 *     test        │ sockets, timers, listeners come and go
 *  afterEach  ── await watch.leaks()   []
 * ```
 *
 * Timers that do not keep the process running (`unref`) are not counted, and neither is what the runner itself had
 * before. Throws `WrongOption` for a patience that is none.
 *
 * ```ts
 * import { showLeak, watchLeaks } from '@sluice/testing'
 *
 * const watch = watchLeaks({ patienceMs: 10 })
 * const forgotten = setTimeout(() => undefined, 60_000)
 * const leaks = await watch.leaks()
 * clearTimeout(forgotten)
 * const later = await watch.leaks()
 * console.log(leaks.map(showLeak), later) // [ '1 × Timeout' ] []
 * ```
 */
export const watchLeaks = (options: WatchLeaksOptions = {}): LeakWatch => {
  const { patienceMs = 1000, traced = false, emitters = [] } = options
  if (!(patienceMs >= 0)) throw new WrongOption('watchLeaks()', 'patienceMs', patienceMs, 'milliseconds, from 0 on')
  // made when they are first looked at, which is nobody's leak
  for (const stream of ['stdout', 'stderr']) Reflect.get(process, stream)
  const targets = [process, ...emitters]
  const before = { resources: resources(), descriptors: descriptors(), listeners: listeners(targets) }
  const tracing = traced ? traces(KINDS) : null
  const left = (): readonly Leak[] => [
    ...(tracing === null ? counted(before.resources) : KINDS.map((kind) => resource(kind, tracing.of(kind)))).filter(
      ({ count }) => count > 0,
    ),
    ...[...descriptors()]
      .filter(([fd, target]) => before.descriptors.get(fd) !== target)
      .map(([fd, target]): Leak => ({ _tag: 'Descriptor', fd, target })),
    ...more(before.listeners, listeners(targets)).map(([of, count]): Leak => ({ _tag: 'Listener', of, count })),
  ]
  const leaks = async (): Promise<readonly Leak[]> => {
    const began = performance.now()
    let now = left()
    while (now.length > 0 && performance.now() - began < patienceMs) {
      await turn()
      now = left()
    }
    return now
  }
  const stop = (): void => {
    tracing?.stop()
  }
  return { leaks, stop, [Symbol.dispose]: stop }
}

type Resource = Extract<Leak, { readonly _tag: 'Resource' }>

const resource = (kind: string, more: Pick<Resource, 'count' | 'madeAt'>): Resource => ({
  _tag: 'Resource',
  kind,
  ...more,
})

/** What has come; what was there before and has gone may not come back. */
const counted = (before: Map<string, number>): readonly Resource[] => {
  const now = resources()
  const come = more(before, now)
  for (const [kind, count] of now) before.set(kind, Math.min(count, before.get(kind) ?? 0))
  return come.map(([kind, count]) => resource(kind, { count, madeAt: [] }))
}

type Counts = ReadonlyMap<string, number>

const resources = (): Map<string, number> => {
  const active = process.getActiveResourcesInfo()
  return new Map(KINDS.map((kind) => [kind, active.filter((name) => name === kind).length]))
}

const more = (before: Counts, now: Counts): readonly (readonly [string, number])[] =>
  [...now].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const).filter(([, count]) => count > 0)
