import type { Connection } from '../../connection.ts'
import type { Cause } from '../../errors.ts'
import type { HealthCheck } from '../../requests/healthCheck.ts'
import type { Asked } from './asked.ts'
import type { LineEvents } from './line.ts'
import { Line } from './line.ts'
import type { ClientSettings, Endpoints } from './settings.ts'
import type { TalkEvents } from './talk.ts'
import { Talk } from './talk.ts'
import type { Keeper } from './upkeep.ts'
import { Upkeep } from './upkeep.ts'

/** How many connections there may be, and for how long. */
export interface Size<Req, Res> {
  /** So many are opened with the first request, and kept. */
  readonly min: number
  readonly max: number
  readonly idleMs: number
  readonly health: Health<Req, Res> | null
}

/** The health check, with nothing left open. */
export type Health<Req, Res> = Required<HealthCheck<Req, Res>>

/** What a {@link Fleet} tells, beside what each talk does. */
export interface FleetEvents<Req, Res, Out> extends TalkEvents<Req, Res, Out> {
  /** What was in flight on a connection that is over. */
  lost(all: readonly Asked<Req, Res, Out>[], cause: Cause): void
  /** Nobody uses this connection: it is to be asked whether it is well. */
  check(talk: Talk<Req, Res, Out>, health: Health<Req, Res>): void
  /** A connection is over that was of use: who waits may need another. */
  short(): void
  /** There is no connection, none is on its way, and the last one was of no use. */
  unreachable(cause: Cause): void
}

/** The connections of a client, those on their way included. */
export class Fleet<Req, Res, Out> implements LineEvents<Req, Res, Out>, Keeper<Talk<Req, Res, Out>> {
  readonly #endpoints: Endpoints<Req, Res, Out>
  readonly #settings: ClientSettings
  readonly #size: Size<Req, Res>
  readonly #events: FleetEvents<Req, Res, Out>
  readonly #lines = new Set<Line<Req, Res, Out>>()
  readonly #talks = new Map<Talk<Req, Res, Out>, Line<Req, Res, Out>>()
  readonly #upkeep: Upkeep<Talk<Req, Res, Out>>
  #ended: (() => void) | null = null

  constructor(
    endpoints: Endpoints<Req, Res, Out>,
    settings: ClientSettings,
    size: Size<Req, Res>,
    events: FleetEvents<Req, Res, Out>,
  ) {
    this.#endpoints = endpoints
    this.#settings = settings
    this.#size = size
    this.#events = events
    const { idleMs, health } = size
    const checkMs = health?.everyMs ?? Infinity
    this.#upkeep = new Upkeep({ idleMs, checkMs, scheduler: settings.scheduler }, this)
  }

  get kept(): Iterable<Talk<Req, Res, Out>> {
    return this.#talks.keys()
  }

  get spare(): boolean {
    let lasting = 0
    for (const { ending } of this.#lines) if (!ending) lasting++
    return lasting > this.#size.min
  }

  /** Requests on all connections that have no answer yet, those that keep their place included. */
  get inFlight(): number {
    let all = 0
    for (const { places } of this.#talks.keys()) all += places.taken
    return all
  }

  /** How many connections talk. */
  get open(): number {
    let all = 0
    for (const { isUp } of this.#talks.keys()) if (isUp) all++
    return all
  }

  /** How many requests there will be room for once the connections on their way are there. */
  get coming(): number {
    let all = 0
    for (const { dialing } of this.#lines) if (dialing) all += this.#settings.window
    return all
  }

  /** The one with room that has the fewest requests in flight. */
  pick(): Talk<Req, Res, Out> | null {
    let best: Talk<Req, Res, Out> | null = null
    for (const talk of this.#talks.keys()) {
      if (!talk.room(this.#settings.window)) continue
      if (best === null || talk.places.taken < best.places.taken) best = talk
    }
    return best
  }

  /** Looks after what is open from now on. */
  keep(): void {
    if (this.#ended === null) this.#upkeep.arm()
  }

  /** Opens connections until there are so many, and there is room for those that wait, as far as there may be. */
  grow(least: number, waiting: () => number): void {
    const { min, max } = this.#size
    // each only once: a source may fail at once
    for (let more = max - this.#lines.size; more > 0 && this.#ended === null; more--) {
      const waits = waiting()
      if (this.#lines.size >= Math.max(least, waits === 0 ? 0 : min) && waits <= this.coming) return
      this.#dial()
    }
  }

  /** Says goodbye on each; `ended` when all are over. */
  end(ended: () => void): void {
    this.#ended = ended
    this.#upkeep.stop()
    for (const line of [...this.#lines]) line.end()
    this.#maybeEnded()
  }

  connected(connection: Connection, line: Line<Req, Res, Out>): Talk<Req, Res, Out> {
    const { protocol, mode } = this.#endpoints
    const talk = new Talk(connection, protocol, mode.places(), this.#events, this.#settings.scheduler)
    this.#talks.set(talk, line)
    if (this.#ended !== null) talk.end()
    return talk
  }

  retire(talk: Talk<Req, Res, Out>): void {
    this.#talks.get(talk)?.end()
  }

  check(talk: Talk<Req, Res, Out>): void {
    const { health } = this.#size
    if (health !== null && talk.room(this.#settings.window)) this.#events.check(talk, health)
  }

  disconnected(talk: Talk<Req, Res, Out>, cause: Cause): void {
    this.#talks.delete(talk)
    this.#events.lost(talk.places.waiting, cause)
  }

  lineOver(line: Line<Req, Res, Out>, cause: Cause, served: boolean): void {
    this.#lines.delete(line)
    if (this.#ended !== null) this.#maybeEnded()
    else if (served) this.#events.short()
    else if (this.#lines.size === 0) this.#events.unreachable(cause)
  }

  #dial(): void {
    const { connections$ } = this.#endpoints
    if (connections$ === null) return
    const line = new Line(this)
    this.#lines.add(line)
    line.begin(connections$, this.#endpoints, this.#settings)
  }

  #maybeEnded(): void {
    if (this.#lines.size === 0 && this.#talks.size === 0) this.#ended?.()
  }
}
