import type { SchedulerLike, Unsubscribable } from 'rxjs'
import { BuffersFull } from '../../errors.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'
import { quietly } from '../time/quietly.ts'

/** What a {@link Budget} tells the listener. */
export interface BudgetEvents {
  suspended(): void
  resumed(): void
}

const RARELY_MS = 1_000
const OFTEN_MS = 100
/** So many looks in a row without progress, and somebody has to go. */
const PATIENCE = 10

/**
 * The bound on what waits in all connections together (R24). Nothing is counted per message: it looks.
 *
 * | bytes that wait | looks | |
 * |---|---|---|
 * | up to half | every second | |
 * | over half | every 100 ms | |
 * | over the limit | | no connection is read any more |
 * | still, at the next look | | and nobody is let in |
 * | ten looks without getting fewer | | who holds most is aborted: `BuffersFull` |
 * | under three quarters again, or ten looks under the limit | | all is as before |
 */
export class Budget {
  readonly #limit: number
  readonly #scheduler: SchedulerLike
  readonly #open: ReadonlySet<LiveConnection>
  readonly #events: BudgetEvents
  #timer: Unsubscribable | null = null
  #stopped = false
  #holding = false
  #full = false
  #before = Infinity
  #stuck = 0

  constructor(limit: number, scheduler: SchedulerLike, open: ReadonlySet<LiveConnection>, events: BudgetEvents) {
    this.#limit = limit
    this.#scheduler = scheduler
    this.#open = open
    this.#events = events
  }

  /** Whether nobody may be let in. */
  get full(): boolean {
    return this.#full
  }

  get bufferedBytes(): number {
    let bytes = 0
    for (const connection of this.#open) bytes += bufferedIn(connection)
    return bytes
  }

  /** A connection has begun. It is read when the others are. */
  entered(connection: LiveConnection): void {
    if (this.#holding) connection.inlet.gate.hold(this)
    if (this.#timer === null && !this.#stopped) this.#wait(RARELY_MS)
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.unsubscribe()
    this.#relieve()
  }

  #wait(ms: number): void {
    this.#timer = quietly(this.#scheduler, ms, () => {
      this.#timer = null
      this.#look()
    })
  }

  #look(): void {
    const bytes = this.bufferedBytes
    if (this.#holding) this.#press(bytes)
    else if (bytes > this.#limit) this.#hold()
    // who comes next starts it again
    if (this.#open.size === 0 || this.#stopped) return
    if (this.#timer === null) this.#wait(bytes > this.#limit / 2 ? OFTEN_MS : RARELY_MS)
  }

  #hold(): void {
    this.#holding = true
    for (const connection of [...this.#open]) connection.inlet.gate.hold(this)
  }

  #press(bytes: number): void {
    this.#stuck = bytes < this.#before ? 0 : this.#stuck + 1
    this.#before = bytes
    const patient = this.#stuck < PATIENCE
    if (bytes < this.#limit * 0.75 || (bytes <= this.#limit && !patient)) {
      this.#relieve()
    } else if (bytes > this.#limit) {
      if (!this.#full) {
        this.#full = true
        this.#events.suspended()
      }
      if (!patient) this.#putOut()
    }
  }

  /** Frames begun and not finished wait for bytes that nobody reads: without this they would for ever. */
  #putOut(): void {
    this.#stuck = 0
    let most = 0
    let greediest: LiveConnection | null = null
    for (const connection of this.#open) {
      const bytes = bufferedIn(connection)
      if (bytes > most) [most, greediest] = [bytes, connection]
    }
    greediest?.abort(new BuffersFull(this.#limit, most))
  }

  #relieve(): void {
    if (!this.#holding) return
    this.#holding = false
    this.#before = Infinity
    this.#stuck = 0
    for (const connection of [...this.#open]) connection.inlet.gate.release(this)
    if (!this.#full) return
    this.#full = false
    this.#events.resumed()
  }
}

/** What was dropped on the way out was received, but does not wait. */
const bufferedIn = (connection: LiveConnection): number =>
  connection.unsentBytes + (connection.inlet.leaving ? 0 : connection.inlet.unreadBytes)
