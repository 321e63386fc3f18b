import type { SchedulerLike, Unsubscribable } from 'rxjs'
import type { Closed, Connection } from '../../connection.ts'
import type { DrainOptions, DrainReport } from '../../listener.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'
import type { Tally } from './tally.ts'
import { windDown } from '../conversation/windDown.ts'

/** What a {@link Draining} moves, in this order. */
export interface Drained {
  readonly open: ReadonlySet<LiveConnection>
  readonly tally: Tally
  readonly scheduler: SchedulerLike
  /** How many are here, those that are no connection yet included. */
  readonly present: number
  /** How many that were refused are still reading why. */
  readonly lingering: number
  /** Stops listening, and sends away whom nobody will take. */
  stopAccepting(): void
  /** Sends away whoever is still no connection, and aborts the others. */
  abortAll(): void
  /** Nobody is left. */
  drained(): void
}

/** For so long at most those are taken in whom the kernel had accepted: others may go on coming. */
const MOST_TURNS_MS = 1_000
/** Turns of the loop without anybody new after which the kernel has nobody left for us. */
const QUIET_TURNS = 2

/**
 * One drain (R25).
 *
 * | step | |
 * |---|---|
 * | turns of the loop | who is in the kernel's queue comes in, and what was received is read |
 * | stop | the sockets are closed; who waits for nobody is sent away |
 * | wind down | the input of each conversation ends, behind what was received |
 * | deadline | who is left is aborted |
 */
export class Draining {
  readonly report: Promise<DrainReport>
  readonly #drained: Drained
  readonly #began: number
  readonly #present: number
  readonly #arrivedBefore: number
  readonly #sentAwayBefore: number
  /** Who has begun only now: his first bytes are not read yet. */
  readonly #young = new Set<LiveConnection>()
  readonly #ended: { connection: Connection; closed: Closed }[] = []
  readonly #deadline: Unsubscribable | null
  #turn: NodeJS.Immediate | null = null
  #winding = false
  #broken = false
  #aborted = 0
  #over = false
  #resolve: (report: DrainReport) => void = () => undefined

  constructor(drained: Drained, deadlineMs: number, goodbye: DrainOptions['goodbye']) {
    this.#drained = drained
    const { scheduler, tally, present } = drained
    this.#began = scheduler.now()
    this.#present = present
    this.#arrivedBefore = tally.arrived
    this.#sentAwayBefore = tally.sentAway
    this.report = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#deadline =
      deadlineMs === Infinity
        ? null
        : scheduler.schedule(() => {
            this.abort()
          }, deadlineMs)
    if (goodbye !== undefined) for (const connection of [...drained.open]) say(connection, goodbye)
    this.#takeRest(QUIET_TURNS, tally.arrived)
  }

  /** A connection has begun only now. What it has sent before is read first. */
  opened(connection: LiveConnection): void {
    this.#young.add(connection)
    afterTurns(QUIET_TURNS, () => {
      this.#young.delete(connection)
      if (this.#winding) windDown(connection)
    })
  }

  ended(connection: Connection, closed: Closed): void {
    this.#ended.push({ connection, closed })
    this.check()
  }

  /** Breaks off everything. */
  abort(): void {
    if (!this.#winding) this.#wind()
    if (this.#broken || this.#over) return
    this.#broken = true
    this.#aborted = this.#drained.open.size
    this.#drained.abortAll()
    this.check()
  }

  /** It may be over. */
  check(): void {
    const { present, lingering } = this.#drained
    if (!this.#winding || this.#over || present !== 0 || lingering !== 0) return
    this.#over = true
    this.#deadline?.unsubscribe()
    this.#drained.drained()
    this.#resolve(this.#sum())
  }

  #takeRest(turns: number, arrived: number): void {
    this.#turn = setImmediate(() => {
      const { tally, scheduler } = this.#drained
      const left = tally.arrived === arrived ? turns - 1 : QUIET_TURNS
      if (left === 0 || scheduler.now() - this.#began >= MOST_TURNS_MS) this.#wind()
      else this.#takeRest(left, tally.arrived)
    })
  }

  #wind(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#winding = true
    this.#drained.stopAccepting()
    for (const connection of [...this.#drained.open]) if (!this.#young.has(connection)) windDown(connection)
    this.check()
  }

  #sum(): DrainReport {
    const { tally, scheduler } = this.#drained
    return {
      live: this.#present,
      arrived: tally.arrived - this.#arrivedBefore,
      finished: this.#ended.length - this.#aborted,
      aborted: this.#aborted,
      refused: tally.sentAway - this.#sentAwayBefore,
      durationMs: scheduler.now() - this.#began,
      connections: this.#ended,
    }
  }
}

const afterTurns = (turns: number, f: () => void): void => {
  setImmediate(() => {
    if (turns === 1) f()
    else afterTurns(turns - 1, f)
  })
}

const say = (connection: LiveConnection, goodbye: NonNullable<DrainOptions['goodbye']>): void => {
  try {
    if (typeof goodbye === 'function') goodbye(connection)
    else connection.write(typeof goodbye === 'string' ? Buffer.from(goodbye) : goodbye)
  } catch (error) {
    connection.fail({ _tag: 'HandlerFailed', error })
  }
}
