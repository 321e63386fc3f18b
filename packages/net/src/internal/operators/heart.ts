import type { SchedulerLike } from 'rxjs'
import { Clocks } from '../time/clocks.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'

/** What a {@link Heart} keeps to, checked. */
export interface HeartSettings {
  readonly everyMs: number
  readonly allowedMisses: number
  readonly pingWhen: 'nothingSent' | 'nothingHeard'
  readonly scheduler: SchedulerLike | undefined
}

/**
 * Decides when to ping, and when the peer has been silent for too long after it. Only time stamps are left
 * by what happens; {@link Clocks} looks at them.
 *
 * | wait | lasts | since |
 * |---|---|---|
 * | ping | `everyMs` | the last message sent, or the last byte heard: see `pingWhen` |
 * | life | `everyMs × allowedMisses` | the first ping after which nothing came |
 */
export class Heart {
  readonly #connection: LiveConnection
  readonly #settings: HeartSettings
  readonly #ping: () => void
  readonly #clocks: Clocks
  #sentAt: number
  /** When a ping was due last, whether it was sent or not. */
  #duePassedAt: number
  /** The first ping that is not answered, and how many bytes had come before it. */
  #owedSince: number | null = null
  #readBefore = 0

  constructor(connection: LiveConnection, settings: HeartSettings, ping: () => void) {
    this.#connection = connection
    this.#settings = settings
    this.#ping = ping
    const { everyMs, allowedMisses, pingWhen, scheduler = connection.scheduler } = settings
    this.#sentAt = this.#duePassedAt = scheduler.now()
    const quietSince = pingWhen === 'nothingSent' ? () => this.#sentAt : () => this.#heardAt()
    this.#clocks = new Clocks(scheduler, [
      { afterMs: everyMs * allowedMisses, since: () => this.#owedSince, expired: () => this.#lookForLife() },
      { afterMs: everyMs, since: () => Math.max(quietSince(), this.#duePassedAt), expired: () => this.#beat() },
    ])
    this.#clocks.arm()
  }

  /** A message goes out, whoever wrote it. */
  readonly sent = (): void => {
    this.#sentAt = this.#clocks.now()
  }

  stop(): void {
    this.#clocks.stop()
  }

  #beat(): void {
    if (this.#stopsHere()) return
    this.#duePassedAt = this.#clocks.now()
    // behind a full writer pings would pile up, and whether the peer reads is another clock's question
    if (this.#connection.unsentBytes !== 0) return
    if (this.#owedSince === null || this.#excused()) {
      this.#owedSince = this.#duePassedAt
      this.#readBefore = this.#connection.figures.bytesRead
    }
    this.#ping()
  }

  #lookForLife(): void {
    if (this.#stopsHere()) return
    const { everyMs, allowedMisses } = this.#settings
    if (!this.#excused()) this.#connection.timedOut('heartbeat', everyMs * allowedMisses)
    // where it is excused, the next ping asks anew
    this.#owedSince = null
  }

  /** Something came since that ping; or we do not read, or what we sent has not left: no blame for that. */
  #excused(): boolean {
    const { paused, unsentBytes, figures } = this.#connection
    return paused || unsentBytes !== 0 || figures.bytesRead !== this.#readBefore
  }

  /** Once a side has ended there is nobody to ask, or to answer; other clocks watch over what is left. */
  #stopsHere(): boolean {
    const over = this.#connection.phase !== 'open'
    if (over) this.stop()
    return over
  }

  /** When bytes came last, on our clock: the connection's may be another one. */
  #heardAt(): number {
    const { watch } = this.#connection
    return this.#clocks.now() - (watch.now() - watch.readAt)
  }
}
