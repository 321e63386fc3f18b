import type { Cause } from '../../errors.ts'
import type { RequestOptions } from '../../requests/clientOptions.ts'
import type { RequestError } from '../../requests/requestErrors.ts'
import {
  ClientClosed,
  RequestCancelled,
  RequestLost,
  RequestNotEncodable,
  RequestTimedOut,
  WindowFull,
} from '../../requests/requestErrors.ts'
import { onceAborted } from '../aborts.ts'
import { timeOption } from '../options.ts'
import type { Asker, Says } from './asked.ts'
import { Asked } from './asked.ts'
import { Checking } from './checking.ts'
import { Deadlines } from './deadlines.ts'
import type { FleetEvents, Health, Size } from './fleet.ts'
import { Fleet } from './fleet.ts'
import { Pushes } from './pushes.ts'
import { retryIn } from './retry.ts'
import type { ClientSettings, Endpoints } from './settings.ts'
import type { Talk } from './talk.ts'

/**
 * All requests of a client, from the asking to the end of each. Each is settled once, wherever it is then.
 *
 * ```
 *  ask ──▶ waiting ──▶ a connection with room: in flight ──▶ its answer
 *             ▲                       │ lost
 *             └── resting ◀─ retry ───┴──────▶ failed
 * ```
 */
export class Desk<Req, Res, Out> implements FleetEvents<Req, Res, Out> {
  readonly #settings: ClientSettings
  readonly #fleet: Fleet<Req, Res, Out>
  readonly #pushes: Pushes<Res>
  readonly #deadlines: Deadlines<Req, Res, Out>
  /** All that are not settled, in the order they were asked. */
  readonly #all = new Set<Asked<Req, Res, Out>>()
  #waiting: Asked<Req, Res, Out>[] = []
  #resting = 0
  /** Asked since the last turn: they may yet be refused. */
  #fresh: Asked<Req, Res, Out>[] = []
  #turning = false
  #turnAgain = false
  #grow = false
  #least = 0
  #closed = false
  #whenIdle: (() => void) | null = null
  lateAnswers = 0

  constructor(endpoints: Endpoints<Req, Res, Out>, settings: ClientSettings, size: Size<Req, Res>) {
    this.#settings = settings
    this.#fleet = new Fleet(endpoints, settings, size, this)
    this.#pushes = new Pushes(settings.maxPushes, () => {
      this.#turn(true, 1)
    })
    this.#deadlines = new Deadlines(settings.scheduler, (all) => {
      this.#atOnce(all, (asked) => {
        this.#expired(asked)
      })
    })
  }

  get fleet(): Fleet<Req, Res, Out> {
    return this.#fleet
  }

  get pushes(): Pushes<Res> {
    return this.#pushes
  }

  get waiting(): number {
    return this.#waiting.length + this.#resting
  }

  /** Answers what cancels it, telling nobody. Throws `WrongOption`. */
  ask(says: Says<Req, Out>, options: RequestOptions, asker: Asker<Res>): () => void {
    const { signal, idempotent = false } = options
    const asked = new Asked(says, asker, idempotent, options.timeoutMs ?? this.#settings.timeoutMs)
    if (this.#closed) asker.failed(new ClientClosed(false))
    else if (signal?.aborted === true) asker.failed(new RequestCancelled(signal.reason, false))
    else {
      asked.signal = signal
      this.#begin(asked)
    }
    return () => {
      this.#drop(asked, null)
    }
  }

  /** Refuses what is asked from now on; `idle` when nothing is in hand any more. */
  refuse(idle: () => void): void {
    this.#closed = true
    this.#whenIdle = idle
    this.#maybeIdle()
  }

  /** Settles all. */
  close(): void {
    this.#closed = true
    this.#whenIdle = null
    this.#atOnce([...this.#all], (asked) => {
      this.#drop(asked, new ClientClosed(asked.sent))
    })
    this.#pushes.complete()
  }

  up(): void {
    this.#fleet.keep()
    this.#turn(false)
  }

  room(): void {
    this.#turn(false)
  }

  short(): void {
    this.#turn(true)
  }

  late(): void {
    this.lateAnswers++
  }

  pushed(message: Res): void {
    this.#pushes.push(message)
  }

  check(talk: Talk<Req, Res, Out>, { request, isHealthy, timeoutMs }: Health<Req, Res>): void {
    const asker = new Checking(talk.connection, isHealthy)
    const asked = new Asked<Req, Res, Out>({ _tag: 'Request', request }, asker, false, timeoutMs)
    this.#all.add(asked)
    this.#deadlines.begin(asked)
    this.#atOnce([asked], () => {
      this.#sendOn(talk, asked)
      if (asked.state === 'waiting') this.#drop(asked, null)
    })
  }

  answered(asked: Asked<Req, Res, Out>, answer: Res, last: boolean): void {
    asked.answered = true
    if (last) this.#settle(asked)
    else this.#deadlines.begin(asked)
    asked.asker.answer(answer)
    if (last) asked.asker.done()
    this.#maybeIdle()
  }

  lost(all: readonly Asked<Req, Res, Out>[], cause: Cause): void {
    for (const asked of all) asked.on = null
    this.#atOnce(all, (asked) => {
      this.#lose(asked, cause)
    })
  }

  unreachable(cause: Cause): void {
    this.lost([...this.#waiting], cause)
  }

  #begin(asked: Asked<Req, Res, Out>): void {
    const { signal } = asked
    if (signal !== undefined) {
      asked.forget = onceAborted(signal, () => {
        this.#drop(asked, new RequestCancelled(signal.reason, asked.sent))
      })
    }
    this.#all.add(asked)
    this.#deadlines.begin(asked)
    this.#waiting.push(asked)
    this.#fresh.push(asked)
    this.#turn(true)
  }

  /** Sends what may be sent; `grow`: opens connections for the rest. Not from inside of itself: the order would suffer. */
  #turn(grow: boolean, least = 0): void {
    this.#turnAgain = true
    this.#grow ||= grow
    this.#least = Math.max(this.#least, least)
    if (this.#turning) return
    this.#turning = true
    while (this.#turnAgain) {
      this.#turnAgain = false
      for (let talk = this.#next(); talk !== null; talk = this.#next()) this.#send(talk)
      const needed = this.#least
      const growing = this.#grow
      // whoever asks from inside of that sets them anew
      this.#grow = false
      this.#least = 0
      if (growing) this.#fleet.grow(needed, () => this.#waiting.length)
    }
    this.#turning = false
    this.#refuseSurplus()
  }

  /** Nothing is sent in between: it may be the next of those that go. */
  #atOnce(all: readonly Asked<Req, Res, Out>[], settle: (asked: Asked<Req, Res, Out>) => void): void {
    const outer = this.#turning
    this.#turning = true
    all.forEach(settle)
    this.#turning = outer
    this.#turn(false)
  }

  #next(): Talk<Req, Res, Out> | null {
    return this.#waiting.length === 0 ? null : this.#fleet.pick()
  }

  #send(talk: Talk<Req, Res, Out>): void {
    const asked = this.#waiting.shift()
    if (asked === undefined) return
    const { signal } = asked
    if (signal?.aborted === true) {
      // it is shared, and those before it are told first
      this.#drop(asked, new RequestCancelled(signal.reason, asked.sent))
      return
    }
    this.#sendOn(talk, asked)
    if (asked.state === 'waiting') this.#waiting.unshift(asked)
  }

  /** Afterwards it waits as before where this connection takes nothing more. */
  #sendOn(talk: Talk<Req, Res, Out>, asked: Asked<Req, Res, Out>): void {
    const before = asked.sent
    asked.become('inFlight')
    asked.sent = true
    const sending = talk.send(asked)
    // a stream in memory may have answered from inside of that
    if (asked.state !== 'inFlight') return
    if (sending !== 'sent') {
      asked.sent = before
      asked.become('waiting')
      if (sending !== 'not') this.#drop(asked, new RequestNotEncodable(sending))
    } else if (asked.says._tag === 'Note') {
      this.#settle(asked)
      asked.asker.done()
      this.#maybeIdle()
    }
  }

  /** The newest first: who was let in is not sent away. */
  #refuseSurplus(): void {
    const { maxWaiting } = this.#settings
    const fresh = this.#fresh
    this.#fresh = []
    for (const asked of fresh.reverse()) {
      if (this.waiting <= maxWaiting + this.#fleet.coming) return
      if (asked.state === 'waiting') this.#drop(asked, new WindowFull(maxWaiting))
    }
  }

  #expired(asked: Asked<Req, Res, Out>): void {
    // between two answers the peer is not to blame for what we do not read
    if (asked.answered && asked.on?.paused === true) this.#deadlines.begin(asked)
    else this.#drop(asked, new RequestTimedOut(asked.timeoutMs, asked.sent))
  }

  #lose(asked: Asked<Req, Res, Out>, cause: Cause): void {
    if (asked.state === 'settled') return
    const delayMs = retryIn(this.#settings.retry, asked, cause)
    if (delayMs === null) {
      this.#drop(asked, new RequestLost(cause, asked.sent))
      return
    }
    if (asked.state === 'waiting') this.#remove(asked)
    asked.become('resting')
    this.#resting++
    asked.rest = this.#settings.scheduler.schedule(() => {
      this.#resting--
      asked.become('waiting')
      this.#waiting.push(asked)
      this.#turn(true)
    }, delayMs)
  }

  /** Wherever it is, it is over; with an error, its asker is told. */
  #drop(asked: Asked<Req, Res, Out>, error: RequestError | null): void {
    const { state } = asked
    if (state === 'settled') return
    this.#settle(asked)
    if (state === 'waiting') this.#remove(asked)
    else if (state === 'inFlight') asked.on?.leave(asked)
    else {
      asked.rest?.unsubscribe()
      this.#resting--
    }
    if (error !== null) asked.asker.failed(error)
    this.#maybeIdle()
    this.#turn(false)
  }

  #remove(asked: Asked<Req, Res, Out>): void {
    const at = this.#waiting.indexOf(asked)
    if (at >= 0) this.#waiting.splice(at, 1)
  }

  #settle(asked: Asked<Req, Res, Out>): void {
    asked.become('settled')
    asked.forget?.()
    this.#all.delete(asked)
    this.#deadlines.end(asked)
  }

  #maybeIdle(): void {
    if (this.#all.size > 0) return
    const idle = this.#whenIdle
    this.#whenIdle = null
    idle?.()
  }
}

/** Throws `WrongOption`. */
export const checkRequest = (where: string, { timeoutMs }: RequestOptions): void => {
  timeOption(where, 'timeoutMs', timeoutMs, Infinity)
}
