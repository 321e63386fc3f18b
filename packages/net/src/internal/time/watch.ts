import type { SchedulerLike } from 'rxjs'
import type { WatchedClock } from '../../clocks.ts'
import type { ClockChange, ClockSettings } from './clockSettings.ts'
import { LOOKS, Progress } from './progress.ts'
import type { Waits } from './timer.ts'
import { Timer } from './timer.ts'
import type { Stamps, Wait, Watched } from './waits.ts'
import { WAITS } from './waits.ts'

/** What a {@link Watch} tells. */
export interface WatchEvents extends Watched {
  timedOut(clock: WatchedClock, afterMs: number): void
  idle(clock: WatchedClock, afterMs: number): void
}

/**
 * The distinct clocks of one connection (R21), and the probe for a peer that died unseen (R23). What happens
 * leaves a time stamp here; a {@link Timer} looks at the stamps by the table of {@link WAITS}.
 */
export class Watch implements Waits, Stamps {
  readonly #watched: WatchEvents
  readonly #timer: Timer
  #settings: ClockSettings
  /** For each wait, the moment before which nothing counts; `null`: for none. */
  #floors: number[] | null = null
  #stopped = false
  readonly startedAt: number
  readAt: number
  flowingAt = 0
  localEndedAt = 0
  leftAt = 0
  probedAt = 0
  sending: Progress | null = null
  taking: Progress | null = null

  constructor(watched: WatchEvents, settings: ClockSettings, scheduler: SchedulerLike) {
    this.#watched = watched
    this.#settings = settings
    this.#timer = new Timer(scheduler, this)
    this.startedAt = this.readAt = this.now()
  }

  now(): number {
    return this.#timer.now()
  }

  /** Bytes have come. Once per chunk, so only a stamp. */
  read(): void {
    this.readAt = this.#timer.now()
  }

  /** A frame is begun and not finished: its clock runs from `readAt`. */
  frameBegun(): void {
    this.#timer.armAt(this.readAt + this.#settings.frameMs)
  }

  paused(): void {
    this.probedAt = this.now()
    this.#watchTaking()
    this.arm()
  }

  resumed(): void {
    this.taking = null
  }

  /** Bytes flow from now on. The peer is not to blame for the time they did not. */
  flows(): void {
    this.flowingAt = this.now()
    this.arm()
  }

  /** Nobody reads any more, or what still comes is not wanted. */
  left(): void {
    this.leftAt = this.now()
    this.arm()
  }

  remoteEnded(): void {
    this.probedAt = this.now()
    this.arm()
  }

  localEnded(): void {
    this.localEndedAt = this.now()
    this.arm()
  }

  /** Bytes wait that the kernel did not take at once. */
  backlog(): void {
    if (this.sending !== null) return
    this.sending = new Progress(this.#watched.sentBytes, this.#watched.transport.flushing, this.now())
    this.arm()
  }

  /** Other clocks from now on. */
  change(change: ClockChange): void {
    this.#settings = change.over(this.#settings)
    WAITS.forEach(({ clock }, i) => {
      if (clock !== 'probe' && change.named.includes(clock)) this.#beginAnew(i)
    })
    if (this.#watched.inlet.gate.held) this.#watchTaking()
    this.arm()
  }

  arm(): void {
    this.#timer.arm()
  }

  stop(): void {
    this.#stopped = true
    this.#timer.stop()
  }

  dueAt(): number {
    let earliest = Infinity
    WAITS.forEach(({ afterMs }, i) => {
      const limit = afterMs(this.#settings)
      if (limit !== Infinity) earliest = Math.min(earliest, this.#since(i) + limit)
    })
    return earliest
  }

  expire(lookedAt: number): void {
    WAITS.forEach((wait, i) => {
      const since = this.#stopped ? Infinity : this.#since(i)
      if (since <= lookedAt && since + wait.afterMs(this.#settings) <= this.now()) this.#expired(wait, i)
    })
  }

  /** `Infinity` while there is nothing to wait for. */
  #since(i: number): number {
    const since = WAITS[i]?.since(this.#watched, this) ?? null
    return since === null ? Infinity : Math.max(since, this.#floors?.[i] ?? 0)
  }

  #expired({ clock, afterMs, progress }: Wait, i: number): void {
    const limit = afterMs(this.#settings)
    if (clock === 'probe') this.#probe()
    else if (progress === undefined) this.#ranOut(clock, limit, i)
    else {
      const stood = progress === 'sending' ? this.#lookAtSending() : this.#lookAtTaking()
      if (stood >= limit * LOOKS) this.#ranOut(clock, limit * LOOKS, i)
    }
  }

  #ranOut(clock: WatchedClock, afterMs: number, i: number): void {
    if (this.#settings.telling.has(clock)) {
      this.#beginAnew(i)
      this.#watched.idle(clock, afterMs)
    } else this.#watched.timedOut(clock, afterMs)
  }

  #beginAnew(i: number): void {
    const now = this.now()
    this.#floors ??= WAITS.map(() => 0)
    this.#floors[i] = now
    const progress = WAITS[i]?.progress
    if (progress === 'sending') this.sending?.beginAnew(now)
    if (progress === 'taking') this.taking?.beginAnew(now)
  }

  #watchTaking(): void {
    if (this.#settings.consumerMs === Infinity || this.taking !== null) return
    this.taking = new Progress(this.#watched.inlet.gate.turns, 0, this.now())
  }

  #lookAtTaking(): number {
    return this.taking?.look(this.#watched.inlet.gate.turns, 0, this.now()) ?? 0
  }

  #lookAtSending(): number {
    const { transport, sentBytes } = this.#watched
    if (transport.queuedBytes === 0) this.sending = null
    return this.sending?.look(sentBytes, transport.flushing, this.now()) ?? 0
  }

  #probe(): void {
    this.probedAt = this.now()
    this.#watched.transport.probe(ALIVE)
  }
}

const ALIVE = (): void => undefined
