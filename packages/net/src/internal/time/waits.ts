import type { WatchedClock } from '../../clocks.ts'
import type { Phase } from '../../lifecycle.ts'
import type { ClockSettings } from './clockSettings.ts'
import type { Inlet } from '../connection/inlet.ts'
import { LOOKS } from './progress.ts'
import type { Progress } from './progress.ts'
import type { Transport } from '../transport/transport.ts'

/** What the waits of a connection look at. */
export interface Watched {
  readonly phase: Phase
  readonly inlet: Inlet
  readonly transport: Transport
  /** Bytes known to be with the kernel. */
  readonly sentBytes: number
  /** Whether anybody ever read, wrote or spoke. */
  readonly used: boolean
}

/** What has left a stamp. */
export interface Stamps {
  readonly startedAt: number
  readonly readAt: number
  readonly flowingAt: number
  readonly localEndedAt: number
  readonly leftAt: number
  readonly probedAt: number
  /** While bytes wait to leave. */
  readonly sending: Progress | null
  /** While a gate is held. */
  readonly taking: Progress | null
}

/** One kind of wait, the same for all connections. */
export interface Wait {
  /** The clock it is; `probe` ends nothing. */
  readonly clock: WatchedClock | 'probe'
  /** Since when there has been something to wait for, or `null`. */
  readonly since: (watched: Watched, stamps: Stamps) => number | null
  readonly afterMs: (settings: ClockSettings) => number
  /** Only where it is progress that is waited for. */
  readonly progress?: 'sending' | 'taking'
}

const whileFlowing = ({ inlet }: Watched, { flowingAt }: Stamps, since: number | null): number | null =>
  since !== null && inlet.flowing ? Math.max(since, flowingAt) : null

const afterOurEnd = ({ phase }: Watched, { localEndedAt, leftAt }: Stamps, since: number): number | null =>
  phase === 'localEnded' ? Math.max(localEndedAt, leftAt, since) : null

/** Whether the peer may still send something that somebody is to take. */
const expectant = ({ phase, inlet }: Watched): boolean =>
  (phase === 'open' || phase === 'ending' || phase === 'localEnded') && !inlet.leaving

/** All waits: see `Clocks` for what they mean. The probe runs while bytes do not flow, or only our side is open. */
export const WAITS: readonly Wait[] = [
  {
    clock: 'silence',
    afterMs: ({ silenceMs }) => silenceMs,
    since: (watched, stamps) => (watched.inlet.reader === null ? null : whileFlowing(watched, stamps, stamps.readAt)),
  },
  {
    clock: 'frame',
    afterMs: ({ frameMs }) => frameMs,
    since: (watched, stamps) => whileFlowing(watched, stamps, watched.inlet.reader?.frameSince() ?? null),
  },
  {
    clock: 'halfClosed',
    afterMs: ({ halfClosedMs }) => halfClosedMs,
    since: (watched, stamps) => {
      const { leaving, gate, reader, flowing } = watched.inlet
      if (leaving || gate.held || (reader !== null && !flowing)) return null
      return afterOurEnd(watched, stamps, Math.max(stamps.readAt, stamps.flowingAt))
    },
  },
  {
    clock: 'linger',
    afterMs: ({ lingerMs }) => lingerMs,
    since: (watched, stamps) => (watched.inlet.leaving ? afterOurEnd(watched, stamps, 0) : null),
  },
  {
    clock: 'consumer',
    afterMs: ({ consumerMs }) => consumerMs / LOOKS,
    since: (watched, { taking }) => (taking !== null && expectant(watched) ? taking.lookedAt : null),
    progress: 'taking',
  },
  {
    clock: 'consumer',
    afterMs: ({ consumerMs }) => consumerMs,
    since: (watched, { startedAt, leftAt }) => {
      const { gate, reader } = watched.inlet
      return reader === null && !gate.held && expectant(watched) ? Math.max(startedAt, leftAt) : null
    },
  },
  {
    clock: 'consumer',
    afterMs: ({ unusedMs }) => unusedMs,
    since: ({ phase, inlet, used }, { startedAt }) =>
      phase === 'open' && !inlet.gate.held && !used ? startedAt : null,
  },
  {
    clock: 'writeProgress',
    afterMs: ({ writeProgressMs }) => writeProgressMs / LOOKS,
    since: (_watched, { sending }) => sending?.lookedAt ?? null,
    progress: 'sending',
  },
  {
    clock: 'probe',
    afterMs: ({ probeMs }) => probeMs,
    since: ({ phase, inlet }, { probedAt, leftAt, startedAt }) => {
      const blind = phase === 'remoteEnded' || (phase === 'open' && !inlet.flowing)
      return blind ? Math.max(probedAt, leftAt, startedAt) : null
    },
  },
]
