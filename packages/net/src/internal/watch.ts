import type { Clock } from '../errors.ts'
import type { Phase } from '../lifecycle.ts'
import type { Wait } from './clocks.ts'
import { Clocks } from './clocks.ts'
import type { Inlet } from './inlet.ts'
import type { ConnectionSettings } from './settings.ts'
import type { Transport } from './transport.ts'

type TimeOut = Exclude<Clock, 'connect'>

/** What a {@link Watch} looks at. */
export interface Watched {
  readonly phase: Phase
  readonly inlet: Inlet
  readonly transport: Transport
  /** Bytes known to be with the kernel. */
  readonly sentBytes: number
  timedOut(clock: TimeOut, afterMs: number): void
}

/** While bytes wait: what had left when it was last looked at, and since when nothing has. */
interface Progress {
  readonly sent: number
  readonly flushing: number
  readonly lookedAt: number
  readonly since: number
}

/** How many times the write-progress clock looks within its limit. */
const LOOKS = 8

/**
 * The distinct clocks of one connection (R21), and the probe for a peer that died unseen (R23). What
 * happens leaves a time stamp here; {@link Clocks} looks at the stamps.
 *
 * | clock | runs while | since |
 * |---|---|---|
 * | silence | somebody reads and bytes flow | the last byte |
 * | frame | bytes flow and a frame is unfinished | its first byte |
 * | writeProgress | bytes wait | the last one that left |
 * | halfClosed | our side has ended, and we do not keep the peer from ending | the last byte, or our end |
 * | linger | our side has ended, and what still comes is for nobody | our end, or when that was so |
 * | probe | bytes do not flow, or only our side is open | the last probe |
 */
export class Watch {
  readonly #watched: Watched
  #settings: ConnectionSettings
  readonly #clocks: Clocks
  readonly startedAt: number
  #readAt: number
  #flowingAt = 0
  #localEndedAt = 0
  #leftAt = 0
  #probedAt = 0
  #progress: Progress | null = null

  constructor(watched: Watched, settings: ConnectionSettings) {
    this.#watched = watched
    this.#settings = settings
    this.#clocks = new Clocks(settings.scheduler, this.#waits())
    this.startedAt = this.#readAt = this.now()
  }

  now(): number {
    return this.#clocks.now()
  }

  /** When bytes came last. */
  get readAt(): number {
    return this.#readAt
  }

  /** Bytes have come. Once per chunk, so only a stamp. */
  read(): void {
    this.#readAt = this.now()
  }

  /** A frame is begun and not finished: its clock runs from `readAt`. */
  frameBegun(): void {
    this.#clocks.armAt(this.#readAt + this.#settings.frameMs)
  }

  paused(): void {
    this.#probedAt = this.now()
    this.arm()
  }

  /** Bytes flow from now on. The peer is not to blame for the time they did not. */
  flows(): void {
    this.#flowingAt = this.now()
    this.arm()
  }

  /** Nobody reads any more, or what still comes is not wanted. */
  left(): void {
    this.#leftAt = this.now()
    this.arm()
  }

  remoteEnded(): void {
    this.#probedAt = this.now()
    this.arm()
  }

  localEnded(): void {
    this.#localEndedAt = this.now()
    this.arm()
  }

  /** Bytes wait that the kernel did not take at once. */
  backlog(): void {
    if (this.#progress !== null) return
    this.#progress = this.#look(this.now(), null)
    this.arm()
  }

  /** Another limit for the lingering close. */
  lingerFor(lingerMs: number): void {
    this.#settings = { ...this.#settings, lingerMs }
    this.#clocks.replace(this.#waits())
  }

  arm(): void {
    this.#clocks.arm()
  }

  stop(): void {
    this.#clocks.stop()
  }

  #look(now: number, before: Progress | null): Progress {
    const sent = this.#watched.sentBytes
    const flushing = this.#watched.transport.flushing
    const stalled = before !== null && sent === before.sent && flushing === before.flushing
    return { sent, flushing, lookedAt: now, since: stalled ? before.since : now }
  }

  /** Looks several times within the limit, so that a stall is found soon after it has lasted so long. */
  #lookAtProgress(): void {
    if (this.#watched.transport.queuedBytes === 0) {
      this.#progress = null
      return
    }
    const now = this.now()
    const progress = this.#look(now, this.#progress)
    this.#progress = progress
    const { writeProgressMs } = this.#settings
    if (now - progress.since >= writeProgressMs) this.#watched.timedOut('writeProgress', writeProgressMs)
  }

  #waits(): readonly Wait[] {
    const { silenceMs, frameMs, writeProgressMs, halfClosedMs, lingerMs, probeMs } = this.#settings
    const watched = this.#watched
    const ending = (clock: TimeOut, afterMs: number, since: () => number | null): Wait => ({
      afterMs,
      since,
      expired: () => {
        watched.timedOut(clock, afterMs)
      },
    })
    const read = (): boolean => watched.inlet.reader !== null
    const whileFlowing = (since: number | null): number | null =>
      since !== null && watched.inlet.flowing ? Math.max(since, this.#flowingAt) : null
    const afterOurEnd = (since: number): number | null =>
      watched.phase === 'localEnded' ? Math.max(this.#localEndedAt, this.#leftAt, since) : null
    const halfClosed = (): number | null => {
      const { leaving, reader, flowing } = watched.inlet
      if (leaving || (reader !== null && !flowing)) return null
      return afterOurEnd(Math.max(this.#readAt, this.#flowingAt))
    }
    return [
      ending('silence', silenceMs, () => (read() ? whileFlowing(this.#readAt) : null)),
      ending('frame', frameMs, () => whileFlowing(watched.inlet.reader?.frameSince() ?? null)),
      ending('halfClosed', halfClosedMs, halfClosed),
      ending('linger', lingerMs, () => (watched.inlet.leaving ? afterOurEnd(0) : null)),
      {
        afterMs: writeProgressMs / LOOKS,
        since: () => this.#progress?.lookedAt ?? null,
        expired: () => {
          this.#lookAtProgress()
        },
      },
      { afterMs: probeMs, since: () => this.#probeSince(), expired: () => this.#probe() },
    ]
  }

  #probeSince(): number | null {
    const { phase, inlet } = this.#watched
    const blind = phase === 'remoteEnded' || (phase === 'open' && !inlet.flowing)
    return blind ? Math.max(this.#probedAt, this.#leftAt, this.startedAt) : null
  }

  #probe(): void {
    this.#probedAt = this.now()
    this.#watched.transport.probe(() => undefined)
  }
}
